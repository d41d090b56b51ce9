import { openingDecisions } from '@compound-search/allocation';
import {
  phaseOf,
  type SearchPhase,
  type SearchRequestInput,
  searchRequestSchema,
  type SearchVerb,
  type SearchView,
} from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import type { ClaimedTrial } from '@compound-search/store';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterEach, expect } from 'vitest';

import { reconcile } from '../../src/advance/reconcile.ts';
import { toAllocationRequest } from '../../src/allocation-request.ts';
import { changeState, deleteSearch } from '../../src/life-cycle/change-state.ts';
import { planRequest } from '../../src/plan/plan-request.ts';
import { sampleRequest } from '../sample-request.ts';
import { useRecord } from '../search-service.ts';
import { claimNext, diverge, runQueued, trainWell } from '../simulated-worker.ts';

const log = pino({ level: 'silent' });
const network = findBaseline('efficientnet-micro');

/** Posts searches and sends verbs to them, on a record of the calling test file's own. */
export function useLifeCycle() {
  const record = useRecord();
  const posted: string[] = [];

  async function post(changes: Partial<SearchRequestInput> = {}): Promise<string> {
    const request = searchRequestSchema.parse(sampleRequest({ seeds: [1, 2], reuse: false, ...changes }));
    const plan = await planRequest(request, network, { maximumCandidates: 100 });
    const opening = openingDecisions(toAllocationRequest(request, plan.candidates));
    const { searchId } = await record().store.createSearch({ request, network, plan, opening });
    posted.push(searchId);
    return searchId;
  }

  // Nothing is left to run, so that the next search is alone.
  afterEach(async () => {
    for (const searchId of posted.splice(0)) {
      await record().store.cancelSearch(searchId);
      await record().store.deleteSearch(searchId);
    }
  });

  async function find(searchId: string): Promise<SearchView> {
    const search = await record().store.getSearch(searchId);
    if (search === null) throw new Error(`Search ${searchId} is gone`);
    return search;
  }

  function pass(): Promise<void> {
    return reconcile({ store: record().store, queue: record().queue, log });
  }

  function send(searchId: string, verb: SearchVerb): Promise<unknown> {
    const { store, queue } = record();
    return verb === 'delete' ? deleteSearch(store, searchId) : changeState({ store, queue, log }, searchId, verb);
  }

  async function phaseIn(searchId: string): Promise<SearchPhase | 'deleted'> {
    const results = await record().store.getResults(searchId);
    return results === null ? 'deleted' : phaseOf(results.state, results.winnerCandidateId !== null);
  }

  async function rankAll(): Promise<void> {
    await runQueued(record().store, trainWell);
    await pass();
  }

  /** Searches in each phase, brought there as they are in use. Nothing is left queued by the ones that have ended. */
  const makers: Record<SearchPhase, () => Promise<string>> = {
    running: () => post(),
    testing: async () => {
      const searchId = await post();
      await rankAll();
      return searchId;
    },
    'paused while running': async () => {
      const searchId = await post();
      await send(searchId, 'pause');
      return searchId;
    },
    'paused while testing': async () => {
      const searchId = await makers.testing();
      await send(searchId, 'pause');
      return searchId;
    },
    stopping: async () => {
      const searchId = await post();
      await claimNext(record().store);
      await send(searchId, 'stop');
      return searchId;
    },
    completed: async () => {
      const searchId = await makers.testing();
      await rankAll();
      return searchId;
    },
    completed_with_failures: async () => {
      const searchId = await post();
      let failed = 0;
      await runQueued(record().store, (trial) => ((failed += 1) === 1 ? diverge() : trainWell(trial)));
      await pass();
      await rankAll();
      return searchId;
    },
    stopped: async () => {
      const searchId = await post();
      await send(searchId, 'stop');
      await pass();
      return searchId;
    },
    failed: async () => {
      const searchId = await post();
      await runQueued(record().store, diverge);
      await pass();
      return searchId;
    },
    cancelled: async () => {
      const searchId = await post();
      await send(searchId, 'cancel');
      return searchId;
    },
  };

  async function finish(claimed: ClaimedTrial | null): Promise<void> {
    const attempt = { trialId: claimed?.specification.trialId ?? '', token: claimed?.token ?? '' };
    expect(await record().store.completeTrial({ ...attempt, result: resultOf(claimed) })).toBe(true);
  }

  return { record, post, find, pass, send, phaseIn, rankAll, finish, makers };
}

export function accuracyOf(claimed: ClaimedTrial | null): number {
  const outcome = claimed === null ? undefined : trainWell(claimed.specification);
  return outcome !== undefined && 'validationAccuracy' in outcome ? outcome.validationAccuracy : NaN;
}

export function resultOf(claimed: ClaimedTrial | null) {
  const outcome = claimed === null ? undefined : trainWell(claimed.specification);
  if (outcome === undefined || 'code' in outcome) throw new Error('There is no trial that went well');
  return { ...outcome, validationLoss: 1, steps: 1, imagesPerSecond: 1 };
}

export async function execute<Row extends object>(databaseUrl: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function countRows(databaseUrl: string): Promise<Record<string, number>> {
  const tables = await execute<{ name: string }>(
    databaseUrl,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
  );
  const counts = tables.map(({ name }) => `(SELECT count(*)::int FROM "${name}") AS "${name}"`).join();
  return (await execute<Record<string, number>>(databaseUrl, `SELECT ${counts}`))[0] ?? {};
}
