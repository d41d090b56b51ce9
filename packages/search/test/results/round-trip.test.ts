import { openingDecisions } from '@compound-search/allocation';
import {
  type Coefficients,
  type Leaderboard,
  type SearchRequestInput,
  searchRequestSchema,
  type TrialSpecification,
} from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { reconcile } from '../../src/advance/reconcile.ts';
import { toAllocationRequest } from '../../src/allocation-request.ts';
import { readCoefficients } from '../../src/answer/coefficients.ts';
import { readLeaderboard } from '../../src/answer/leaderboard.ts';
import { planRequest } from '../../src/plan/plan-request.ts';
import { importResults } from '../../src/results/import-results.ts';
import { readResultLines, type ResultFormat } from '../../src/results/result-lines.ts';
import { sampleRequest } from '../sample-request.ts';
import { useRecord } from '../search-service.ts';
import { diverge, type Outcome, runQueued, trainWell } from '../simulated-worker.ts';

const record = useRecord();
const log = pino({ level: 'silent' });
const network = findBaseline('efficientnet-micro');

async function start(changes: Partial<SearchRequestInput>): Promise<string> {
  const request = searchRequestSchema.parse(sampleRequest({ reuse: false, ...changes }));
  const plan = await planRequest(request, network, { maximumCandidates: 100 });
  const opening = openingDecisions(toAllocationRequest(request, plan.candidates));
  return (await record().store.createSearch({ request, network, plan, opening })).searchId;
}

async function hasEnded(searchId: string): Promise<boolean> {
  await reconcile({ store: record().store, queue: record().queue, log, queuedSeconds: 600 });
  return (await record().store.getSearch(searchId))?.endedAt !== null;
}

/** Most candidates train well, and each with a luck of its own; one of them diverges with one seed. */
function train(specification: TrialSpecification): Outcome {
  const { fingerprint, seed } = specification;
  const luck = (Number.parseInt(fingerprint.slice(0, 6), 16) * seed) % 997;
  if (luck % 17 === 3) return diverge();
  const outcome = trainWell(specification);
  return 'code' in outcome ? outcome : { ...outcome, validationAccuracy: outcome.validationAccuracy + luck / 99_700 };
}

async function exported(searchId: string, format: ResultFormat): Promise<Buffer> {
  const pieces: string[] = [];
  for await (const piece of (await readResultLines(record().store, searchId, { format })) ?? []) pieces.push(piece);
  return Buffer.from(pieces.join(''));
}

function arriving(bytes: Buffer): AsyncIterable<Uint8Array> {
  return (async function* () {
    yield await Promise.resolve(bytes);
  })();
}

/** Imports a file into a search, as much as it has assigned each time, until it has ended. @returns how often. */
async function importToTheEnd(searchId: string, file: Buffer, format: ResultFormat): Promise<number> {
  for (let times = 1; ; times += 1) {
    const upload = { bytes: arriving(file), format, unassigned: 'skip' } as const;
    const imported = await importResults({ store: record().store, log }, searchId, upload);
    if (await hasEnded(searchId)) return times;
    if (times > 200) throw new Error(`The search does not end: ${JSON.stringify(imported)}`);
  }
}

/** What a search came to, but for identifiers, times, and where its trials were trained. */
async function outcomeOf(
  searchId: string,
): Promise<Readonly<Record<'leaderboard' | 'coefficients' | 'decisions', object>>> {
  const { store } = record();
  const leaderboard = await readLeaderboard(store, searchId, { limit: 1000 });
  const coefficients = await readCoefficients(store, searchId);
  const decisions = await store.listDecisions(searchId, { limit: 1000 });
  if (leaderboard === null || coefficients === null || decisions === null) throw new Error('The search is gone');
  const aside: Partial<Leaderboard & Coefficients> = { searchId: '', revision: 0, engine: null, engines: [] };
  return {
    leaderboard: { ...leaderboard, ...aside, rows: leaderboard.rows.map((row) => ({ ...row, candidateId: '' })) },
    coefficients: { ...coefficients, ...aside, takenOverTrials: 0, importedTrials: 0 },
    decisions: decisions.items.map((decision) => ({ ...decision, decidedAt: '' })),
  };
}

const strategies: readonly [string, SearchRequestInput['strategy']][] = [
  ['full', { kind: 'full' }],
  ['racing', { kind: 'racing', batch: 3, confidence: 0.9 }],
];

describe.each(strategies)('a finished search by the strategy %s', (_kind, strategy) => {
  it.each(['jsonl', 'csv'] as const)('imported elsewhere as %s comes to the same', async (format) => {
    const request: Partial<SearchRequestInput> = {
      seeds: [1, 2, 3, 4, 5, 6, 7, 8],
      strategy,
      objective: { kind: 'reward', exponent: -0.07 },
    };
    const trained = await start(request);
    while (!(await hasEnded(trained))) await runQueued(record().store, train);
    const file = await exported(trained, format);

    const external = await start({ ...request, trainings: 'external' });
    const times = await importToTheEnd(external, file, format);
    expect(await outcomeOf(external)).toEqual(await outcomeOf(trained));
    expect(times).toBeGreaterThan(1);

    const { trials, testTrials, importedTrials } = (await record().store.getSearch(external)) ?? {};
    expect(importedTrials).toBe((trials?.total ?? 0) + (testTrials?.total ?? 0));
    expect(trials?.failed).toBeGreaterThan(0);
    expect((await readCoefficients(record().store, external))?.confidence.reproduced).toBe(true);
    const again = await importResults({ store: record().store, log }, external, {
      ...{ bytes: arriving(file), format, unassigned: 'refuse' },
    });
    expect(again).toMatchObject({ imported: 0, repeated: importedTrials, unassigned: 0, withoutResult: 0 });
  });
});
