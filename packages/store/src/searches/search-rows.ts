import {
  type Candidate,
  mostSeeds,
  type Plan,
  type SearchRequest,
  type SearchView,
  stopReasons,
} from '@compound-search/contracts';
import { z } from 'zod';

import { baselineCostKind, pointsKind, requestKind } from '../documents/kinds.ts';
import { readStored, storedJson } from '../documents/stored-document.ts';
import type { Candidate as CandidateRow, Search as SearchRow } from '../generated/client.ts';
import { Prisma } from '../generated/client.ts';
import { countTrials, pausedTally, progressOf } from './progress.ts';
import type { SearchTallies } from './search-tallies.ts';

const noTrials: SearchTallies = { tallies: [], running: { done: 0, seconds: 0 } };

/** What {@link toSearchView} needs beside the row itself. */
export const withCandidateCount = { _count: { select: { candidates: true } } } as const;

export function toSearchView(
  row: SearchRow & { readonly _count: { readonly candidates: number } },
  { tallies, running }: SearchTallies = noTrials,
): SearchView {
  const request = readStored(requestKind, row.request);
  const candidates = row._count.candidates;
  const all = [...tallies, pausedTally(row)];
  return {
    id: row.id,
    state: row.state,
    revision: Number(row.revision),
    request,
    priority: row.priority,
    points: Number(row.points),
    feasiblePoints: row.feasiblePoints,
    candidates,
    round: row.round,
    stop: z.enum(stopReasons).nullable().parse(row.stop),
    trials: countTrials(all, 'ranking'),
    testTrials: countTrials(all, 'test'),
    takenOverTrials: row.takenOverTrials,
    importedTrials: row.importedTrials,
    extends: row.extendsSearchId,
    progress: progressOf(all, running, {
      state: row.state,
      mostRankingTrials: row.undecided ? mostTrials(request, candidates) : 0,
      testTrials: Math.min(request.testSeeds, mostSeeds(request)),
    }),
    notes: row.notes,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

/** Ranking trials that a strategy which still decides may come to. */
function mostTrials(request: SearchRequest, candidates: number): number {
  const trials = candidates * mostSeeds(request);
  const { strategy } = request;
  return strategy.kind === 'full' ? trials : Math.min(trials, strategy.budget.trials ?? trials);
}

export function toCandidate(row: CandidateRow): Candidate {
  return {
    fingerprint: row.fingerprint,
    multipliers: { depth: row.depthMultiplier, width: row.widthMultiplier, resolution: row.resolutionMultiplier },
    resolution: row.resolution,
    repeats: row.repeats,
    channels: row.channels,
    parameters: Number(row.parameters),
    macs: Number(row.macs),
    macsRatio: row.macsRatio,
    activations: Number(row.activations),
    enlarges: row.enlarges,
    ...readStored(pointsKind, row.points),
  };
}

export function baselineOf({ baseline }: { readonly baseline: unknown }): Plan['baseline'] {
  return readStored(baselineCostKind, baseline);
}

export interface NewCandidate {
  readonly id: string;
  readonly candidate: Candidate;
}

/** All candidates of a search in one statement: as many as a grid has would not fit the parameters of a plain INSERT. */
export function insertCandidates(searchId: string, candidates: readonly NewCandidate[]): Prisma.Sql {
  const rows = candidates.map(({ id, candidate }, ordinal) => ({
    id,
    ordinal,
    fingerprint: candidate.fingerprint,
    depth: candidate.multipliers.depth,
    width: candidate.multipliers.width,
    resolution_multiplier: candidate.multipliers.resolution,
    resolution: candidate.resolution,
    repeats: candidate.repeats,
    channels: candidate.channels,
    parameters: candidate.parameters,
    macs: candidate.macs,
    macs_ratio: candidate.macsRatio,
    activations: candidate.activations,
    enlarges: candidate.enlarges,
    points: storedJson(pointsKind, { points: candidate.points }),
  }));
  return Prisma.sql`
    INSERT INTO candidate (id, search_id, ordinal, fingerprint, depth_multiplier, width_multiplier,
                           resolution_multiplier, resolution, repeats, channels, parameters, macs, macs_ratio,
                           activations, enlarges, points)
    SELECT id, ${searchId}::uuid, ordinal, fingerprint, depth, width, resolution_multiplier, resolution, repeats,
           channels, parameters, macs, macs_ratio, activations, enlarges, points
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS new (
      id uuid, ordinal int, fingerprint text, depth double precision, width double precision,
      resolution_multiplier double precision, resolution int[], repeats int[], channels int[], parameters bigint,
      macs bigint, macs_ratio double precision, activations bigint, enlarges boolean, points jsonb)`;
}

export interface NewTrial {
  readonly id: string;
  readonly candidate_id: string;
  readonly seed: number;
  /** The decision that assigns it. */
  readonly round: number;
  /** Epochs after which it pauses; null for all. */
  readonly epochs: number | null;
}

/** Ranking trials in the order given, which becomes the order of the queue; external ones are for no worker. */
export function insertRankingTrials(searchId: string, trials: readonly NewTrial[], external: boolean): Prisma.Sql {
  return Prisma.sql`
  INSERT INTO trial (id, search_id, candidate_id, purpose, seed, round, pause_after, external)
  SELECT id, ${searchId}::uuid, candidate_id, 'ranking', seed, round, epochs, ${external}
  FROM jsonb_to_recordset(${JSON.stringify(trials.map((trial, place) => ({ ...trial, place })))}::jsonb)
    AS new (id uuid, candidate_id uuid, seed int, round int, epochs int, place int)
  ORDER BY place`;
}
