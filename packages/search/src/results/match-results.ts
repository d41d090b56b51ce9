import {
  type Candidate,
  isWithoutResult,
  type Objective,
  type ResultLine,
  type SearchRequest,
} from '@compound-search/contracts';
import type { ImportedResult } from '@compound-search/store';

import type { LineFault } from './line-faults.ts';
import type { NumberedLine } from './parse-results.ts';

/** What results are matched with. */
export interface MatchedSearch {
  readonly seeds: SearchRequest['seeds'];
  /** What candidates are ranked by: results must tell it. */
  readonly objective: Objective;
  readonly candidates: readonly { readonly candidateId: string; readonly candidate: Candidate }[];
}

/** A result and the line that tells it. */
export interface MatchedResult {
  readonly line: number;
  readonly result: ImportedResult;
}

export interface Match {
  readonly results: readonly MatchedResult[];
  readonly faults: readonly LineFault[];
  /** Lines that say themselves that their trial has no result. */
  readonly withoutResult: number;
}

/** Finds the candidate of each line, and what it says of which trial; a trial may have one line alone. */
export function matchResults(lines: readonly NumberedLine[], search: MatchedSearch): Match {
  const find = finder(search.candidates);
  const seeds = new Set(search.seeds);
  const firstLines = new Map<string, number>();
  const results: MatchedResult[] = [];
  const faults: LineFault[] = [];
  for (const { line, told } of lines) {
    if (isWithoutResult(told)) continue;
    const candidateId = find(told);
    const key = `${told.purpose} ${candidateId ?? ''} ${told.seed}`;
    const fault = faultOf({ told, candidateId, seeds, earlier: firstLines.get(key) }) ?? lossFault(told, search);
    if (fault !== undefined) faults.push({ line, ...fault });
    else if (candidateId !== undefined) results.push({ line, result: toResult(candidateId, told) });
    if (!firstLines.has(key)) firstLines.set(key, line);
  }
  return { results, faults, withoutResult: lines.filter(({ told }) => isWithoutResult(told)).length };
}

type Coefficients = Pick<ResultLine, 'alpha' | 'beta' | 'gamma'>;

/** Coefficients as people read them: what differs in the last bits is the same point. */
function pointKey({ alpha, beta, gamma }: Coefficients): string {
  return [alpha, beta, gamma].map((value) => value?.toPrecision(9)).join(' ');
}

function finder(candidates: MatchedSearch['candidates']): (told: ResultLine) => string | undefined {
  const byFingerprint = new Map(candidates.map(({ candidateId, candidate }) => [candidate.fingerprint, candidateId]));
  const byPoint = new Map(
    candidates.flatMap(({ candidateId, candidate }) => candidate.points.map((point) => [pointKey(point), candidateId])),
  );
  return (told) => (told.fingerprint === undefined ? byPoint.get(pointKey(told)) : byFingerprint.get(told.fingerprint));
}

interface Judged {
  readonly told: ResultLine;
  readonly candidateId: string | undefined;
  readonly seeds: ReadonlySet<number>;
  /** The line that has told of the same trial before. */
  readonly earlier: number | undefined;
}

function faultOf({ told, candidateId, seeds, earlier }: Judged): Omit<LineFault, 'line'> | undefined {
  const { fingerprint, alpha, beta, gamma, seed } = told;
  if (candidateId === undefined) {
    const value = fingerprint ?? [alpha, beta, gamma];
    const field = fingerprint === undefined ? 'alpha' : 'fingerprint';
    const remedy = 'The leaderboard and the exported results list the candidates.';
    return { field, value, detail: 'is of no candidate of the search', remedy };
  }
  if (!seeds.has(seed)) {
    const remedy = `Its seeds are ${[...seeds].slice(0, 20).join(', ')}${seeds.size > 20 ? ' and more' : ''}.`;
    return { field: 'seed', value: seed, detail: 'is none of the seeds of the search', remedy };
  }
  if (earlier === undefined) return undefined;
  const detail = `is of the same trial as line ${earlier}`;
  return { field: 'seed', value: seed, detail, remedy: 'Give each trial one line.' };
}

/** What a search that ranks by loss must be told. */
export function lossFault(
  told: Pick<ResultLine, 'purpose' | 'failure' | 'validationLoss'>,
  { objective }: Pick<MatchedSearch, 'objective'>,
): Omit<LineFault, 'line'> | undefined {
  const isTold = told.failure != null || told.purpose === 'test' || told.validationLoss != null;
  if (objective.kind !== 'loss' || isTold) return undefined;
  const remedy = 'Give the mean cross entropy over the validation images, in nats.';
  return { field: 'validationLoss', detail: 'is missing, and it is what the search ranks by', remedy };
}

function toResult(candidateId: string, told: ResultLine): ImportedResult {
  const { purpose, seed, seconds = null } = told;
  return {
    candidateId,
    purpose,
    seed,
    seconds,
    outcome: toOutcome(told, 'It failed where it was trained; the result was imported'),
  };
}

type ToldOutcome = Pick<
  ResultLine,
  'validationAccuracy' | 'validationLoss' | 'testAccuracy' | 'steps' | 'weightsHash' | 'failure'
>;

/** What a training elsewhere came to, as a trial has it; `message` is of a failure. */
export function toOutcome(told: ToldOutcome, message: string): ImportedResult['outcome'] {
  const { validationAccuracy, validationLoss = null, testAccuracy = null, steps = null, weightsHash = null } = told;
  if (told.failure != null) return { failure: { code: told.failure, message, step: steps } };
  if (validationAccuracy == null) throw new Error('A result with neither accuracy nor failure has passed the checks');
  return { result: { validationAccuracy, validationLoss, testAccuracy, steps, imagesPerSecond: null, weightsHash } };
}
