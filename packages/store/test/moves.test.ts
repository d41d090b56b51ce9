import { searchMoves, type TrialJob, trialMoves } from '@compound-search/contracts';
import { type Attempt, createStore, type Store } from '@compound-search/store';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  sampleDecision,
  sampleEngine,
  sampleEpoch,
  sampleHalving,
  sampleNetwork,
  samplePlan,
  sampleRequest,
  sampleResult,
} from './sample.ts';
import { useScratchStore } from './scratch-store.ts';
import { candidatesOf, claim } from './steps.ts';

const scratch = useScratchStore();
let client: Client;

/** Writes down every change of state that reaches the tables, whoever makes it. */
beforeAll(async () => {
  client = new Client({ connectionString: scratch().databaseUrl });
  await client.connect();
  await client.query(`
    CREATE TABLE move (kind text, search_id uuid, before text, after text);
    CREATE FUNCTION note_search() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO move VALUES ('search', NEW.id, OLD.state, NEW.state); RETURN NEW; END $$;
    CREATE FUNCTION note_trial() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO move VALUES ('trial', NEW.search_id, OLD.state, NEW.state); RETURN NEW; END $$;
    CREATE TRIGGER search_moves AFTER UPDATE ON search FOR EACH ROW
      WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_search();
    CREATE TRIGGER trial_moves AFTER UPDATE ON trial FOR EACH ROW
      WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_trial()`);
});
afterAll(() => client.end());

type Act = (store: Store, world: World) => Promise<unknown>;

/** What the actors know, which may be long out of date: that is the point. */
interface World {
  readonly searchId: string;
  readonly candidateIds: readonly string[];
  readonly jobs: TrialJob[];
  readonly attempts: Attempt[];
}

function remember<T>(list: T[], item: T | null | undefined): void {
  if (item !== null && item !== undefined) list.push(item);
}

function claimWith(leaseSeconds: number) {
  return (pick: number): Act =>
    async (store, { jobs, attempts }) => {
      const job = jobs[pick % jobs.length];
      if (job === undefined) return;
      const claimed = await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds });
      if (claimed !== null) attempts.push({ trialId: job.trialId, token: claimed.token });
    };
}

function withAttempt(act: (store: Store, attempt: Attempt, jobs: TrialJob[]) => Promise<unknown>) {
  return (pick: number): Act =>
    async (store, { attempts, jobs }) => {
      const attempt = attempts[pick % Math.max(1, attempts.length)];
      if (attempt !== undefined) await act(store, attempt, jobs);
    };
}

function failWith(code: 'TRIAL_LOST' | 'TRIAL_DIVERGED') {
  return withAttempt(async (store, attempt, jobs) => {
    const failed = await store.failTrial({ ...attempt, failure: { code, message: 'A reason.', step: 1 } });
    if (failed.state === 'requeued') jobs.push(failed.job);
  });
}

const pause = withAttempt(async (store, attempt) => {
  for (const epoch of [1, 2]) await store.recordEpoch({ ...attempt, epoch: sampleEpoch(epoch) });
  await store.pauseTrial(attempt);
});

async function pauseFirst(store: Store, job: TrialJob | undefined): Promise<void> {
  const attempt = await claim(store, job);
  await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) });
  await store.pauseTrial(attempt);
}

/** Promotes a trial of the opening where that has paused, or gives a candidate its second seed; at times it is the last. */
function decide(pick: number): Act {
  const assignment = {
    fingerprint: `fingerprint-${pick % 2}`,
    seed: pick % 5 === 0 ? 2 : 1,
    epochs: pick % 3 === 0 ? null : 2,
  };
  return async (store, { searchId, jobs }) => {
    const round = ((await store.getSearch(searchId))?.round ?? 0) + 1;
    const decision = sampleDecision(round, [assignment], { stop: pick % 11 === 0 ? 'exhausted' : null });
    jobs.push(...((await store.takeDecision({ searchId, decision })) ?? []));
  };
}

function beginTesting(pick: number): Act {
  return async (store, { searchId, candidateIds, jobs }) => {
    const candidateId = candidateIds[pick % candidateIds.length] ?? '';
    jobs.push(...((await store.beginTesting({ searchId, candidateId, seeds: [1] })) ?? []));
  };
}

const acts: readonly ((pick: number) => Act)[] = [
  claimWith(15),
  claimWith(15),
  claimWith(-1),
  withAttempt((store, attempt) => store.recordStart({ ...attempt, engine: sampleEngine, steps: 20 })),
  withAttempt((store, attempt) => store.takeOverTrial({ ...attempt, engine: sampleEngine })),
  withAttempt((store, attempt) => store.renewLease({ ...attempt, leaseSeconds: 15, step: 5 })),
  withAttempt((store, attempt) => store.completeTrial({ ...attempt, result: sampleResult(0.5) })),
  withAttempt((store, attempt) => store.completeTrial({ ...attempt, result: sampleResult(0.5) })),
  pause,
  pause,
  decide,
  decide,
  failWith('TRIAL_LOST'),
  failWith('TRIAL_DIVERGED'),
  withAttempt(async (store, attempt, jobs) => remember(jobs, await store.releaseTrial(attempt))),
  () => async (store, world) => {
    world.jobs.push(...(await store.expireLeases()).requeued);
  },
  beginTesting,
  beginTesting,
  beginTesting,
  (pick) =>
    (store, { searchId }) =>
      store.endSearch({
        searchId,
        state: (['completed', 'completed_with_failures', 'stopped', 'failed'] as const)[pick % 4] ?? 'completed',
        answer: null,
      }),
  (pick) =>
    async (store, { jobs }) =>
      remember(jobs, (await store.createRerun(jobs[pick % jobs.length]?.trialId ?? ''))?.job),
  (pick) =>
    (store, { jobs }) =>
      store.cancelTrial(jobs[pick % jobs.length]?.trialId ?? ''),
  (pick) =>
    async (store, { searchId, jobs }) => {
      const verbs = ['pauseSearch', 'resumeSearch', 'resumeSearch', 'resumeSearch', 'retryFailed'] as const;
      jobs.push(...((await store[verbs[pick % verbs.length] ?? 'resumeSearch'](searchId))?.trials ?? []));
    },
  (pick) =>
    async (store, { searchId, jobs }) => {
      jobs.push(...((await store[pick % 2 === 0 ? 'resumeSearch' : 'retryFailed'](searchId))?.trials ?? []));
    },
  (pick) =>
    async (store, { searchId }) => {
      if (pick % 12 === 0) await store.cancelSearch(searchId);
      else if (pick % 12 === 1) await store.stopSearch(searchId);
    },
];

/** What is kept beside the trials of a search. */
async function countedIn(searchId: string): Promise<unknown> {
  const candidates = await client.query(
    `SELECT ordinal, queued, running, completed, failed, cancelled, paused, failed_in_training, accuracies
     FROM candidate WHERE search_id = $1 ORDER BY ordinal`,
    [searchId],
  );
  const tallies = await client.query(
    `SELECT purpose::text, state::text, trials, round(seconds::numeric, 3)::text AS seconds FROM trial_tally
     WHERE search_id = $1 AND trials > 0 ORDER BY purpose, state`,
    [searchId],
  );
  const paused = await client.query(
    'SELECT paused, round(paused_seconds::numeric, 3)::text AS seconds FROM search WHERE id = $1',
    [searchId],
  );
  const engines = await client.query(
    'SELECT fingerprint, trials FROM search_engine WHERE search_id = $1 ORDER BY fingerprint',
    [searchId],
  );
  const takeovers = await client.query('SELECT taken_over_trials AS trials FROM search WHERE id = $1', [searchId]);
  return {
    candidates: candidates.rows,
    tallies: tallies.rows,
    paused: paused.rows,
    engines: engines.rows,
    takeovers: takeovers.rows,
  };
}

/** The same, counted from the trials themselves. */
async function countedFromTrials(searchId: string): Promise<unknown> {
  const count = (condition: string) => `count(*) FILTER (WHERE ${condition})::int`;
  const candidates = await client.query(
    `SELECT ordinal, ${count(`state = 'queued'`)} AS queued, ${count(`state = 'running'`)} AS running,
            ${count(`state = 'completed'`)} AS completed, ${count(`state = 'failed'`)} AS failed,
            ${count(`state = 'cancelled'`)} AS cancelled, ${count(`state = 'paused'`)} AS paused,
            ${count(`failure ->> 'code' = 'TRIAL_DIVERGED'`)} AS failed_in_training,
            coalesce(jsonb_object_agg(seed, result -> 'validationAccuracy') FILTER (WHERE state = 'completed'), '{}')
              AS accuracies
     FROM candidate JOIN (SELECT candidate_id, seed, state, failure, result FROM trial WHERE purpose = 'ranking') AS own
       ON own.candidate_id = candidate.id
     WHERE search_id = $1 GROUP BY candidate.id ORDER BY ordinal`,
    [searchId],
  );
  const tallies = await client.query(
    `SELECT purpose::text, state::text, count(*)::int AS trials,
            round(coalesce(sum(extract(epoch FROM ended_at - started_at)), 0)::numeric, 3)::text AS seconds
     FROM trial WHERE search_id = $1 AND purpose IN ('ranking', 'test') AND state <> 'paused'
     GROUP BY purpose, state ORDER BY purpose, state`,
    [searchId],
  );
  const paused = await client.query(
    `SELECT count(*)::int AS paused,
            round(coalesce(sum(extract(epoch FROM ended_at - started_at)), 0)::numeric, 3)::text AS seconds
     FROM trial WHERE search_id = $1 AND state = 'paused'`,
    [searchId],
  );
  const engines = await client.query(
    `SELECT engine ->> 'fingerprint' AS fingerprint, count(*)::int AS trials FROM trial
     WHERE search_id = $1 AND purpose IN ('ranking', 'test') AND state = 'completed' AND engine IS NOT NULL
     GROUP BY 1 ORDER BY 1`,
    [searchId],
  );
  const takeovers = await client.query(
    'SELECT count(*)::int AS trials FROM trial WHERE search_id = $1 AND taken_over_from IS NOT NULL',
    [searchId],
  );
  return {
    candidates: candidates.rows,
    tallies: tallies.rows,
    paused: paused.rows,
    engines: engines.rows,
    takeovers: takeovers.rows,
  };
}

/** A first rung of one epoch for both candidates. */
const opening = [
  sampleDecision(1, [
    { fingerprint: 'fingerprint-0', seed: 1, epochs: 1 },
    { fingerprint: 'fingerprint-1', seed: 1, epochs: 1 },
  ]),
];

/** A search of two candidates with a seed each; where it decides by rounds, it has a trial to promote. */
async function createSearch(store: Store, withRounds: boolean): ReturnType<Store['createSearch']> {
  const search = { network: sampleNetwork, plan: samplePlan(2) };
  if (!withRounds) return store.createSearch({ ...search, request: sampleRequest({ seeds: [1] }) });
  const request = sampleRequest({ strategy: sampleHalving, seeds: [1, 2, 3] });
  const created = await store.createSearch({ ...search, request, opening });
  await pauseFirst(store, created.trials[0]);
  return created;
}

const plannedActs = fc.array(fc.record({ act: fc.nat(acts.length - 1), pick: fc.nat(1000) }), {
  minLength: 40,
  maxLength: 80,
  size: 'max',
});

describe('the store, whatever several actors do at the same time in whatever order', () => {
  it('makes only moves that the tables of moves allow, loses no trial and leaves none open in an ended search, and counts what there is', async () => {
    const seen = new Set<string>();
    const stores = Array.from({ length: 3 }, () => createStore({ databaseUrl: scratch().databaseUrl, poolSize: 2 }));
    try {
      await fc.assert(
        fc.asyncProperty(plannedActs, fc.boolean(), async (planned, withRounds) => {
          const { store } = scratch();
          const { searchId, trials } = await createSearch(store, withRounds);
          const candidateIds = (await candidatesOf(store, searchId)).map((one) => one.candidateId);
          const world: World = { searchId, candidateIds, jobs: [...trials], attempts: [] };
          await Promise.all(
            stores.map(async (actor, index) => {
              for (const { act, pick } of planned.filter((_, place) => place % stores.length === index)) {
                await acts[act]?.(pick)(actor, world);
              }
            }),
          );
          const { rows } = await client.query<{ kind: string; before: string; after: string }>(
            'SELECT kind, before, after FROM move WHERE search_id = $1',
            [searchId],
          );
          for (const { kind, before, after } of rows) {
            const moves: Record<string, readonly string[]> = kind === 'search' ? searchMoves : trialMoves;
            expect(moves[before], `${kind}: ${before} -> ${after}`).toContain(after);
          }
          const view = await store.getSearch(searchId);
          const counts = view?.trials;
          if (view === null || counts === undefined) throw new Error('The search is gone');
          const { total, ...states } = counts;
          expect(total).toBeGreaterThanOrEqual(2);
          if (!withRounds) expect(total).toBe(2);
          expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(total);
          for (const { kind, before, after } of rows) seen.add(`${kind}: ${before} -> ${after}`);
          expect(await countedIn(searchId)).toEqual(await countedFromTrials(searchId));
          if (view.endedAt !== null) {
            expect([counts, view.testTrials].map(({ queued, running }) => queued + running)).toEqual([0, 0]);
          }
        }),
        { numRuns: 50 },
      );
      // A property that never came so far would prove little.
      expect([...seen]).toEqual(
        expect.arrayContaining([
          'search: running -> testing',
          'trial: running -> completed',
          'trial: running -> queued',
          'trial: running -> paused',
          'trial: paused -> queued',
          'trial: failed -> queued',
          'search: running -> paused',
          'search: paused -> running',
          'search: running -> stopping',
        ]),
      );
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });
});
