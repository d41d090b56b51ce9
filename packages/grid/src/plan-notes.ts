import type { Candidate } from '@compound-search/contracts';

import type { PointGroup } from './candidates.ts';

/** What the notes are about. */
export interface PlanNotesRequest {
  readonly groups: readonly PointGroup[];
  readonly candidates: readonly Candidate[];
  readonly feasiblePoints: number;
  readonly image: { readonly height: number; readonly width: number };
}

function sharedNetworks({ candidates, feasiblePoints }: PlanNotesRequest): string[] {
  if (candidates.length === feasiblePoints) return [];
  return [
    `The ${feasiblePoints} points that meet the constraint round to ${candidates.length} different networks; each is ` +
      'trained once per seed, and its points share the result.',
  ];
}

function enlargedImages({ candidates, image }: PlanNotesRequest): string[] {
  const count = candidates.filter((candidate) => candidate.enlarges).length;
  if (count === 0) return [];
  return [
    `${count} of ${candidates.length} candidates enlarge the images beyond their own ${image.height} x ${image.width} ` +
      'pixels, which adds no information.',
  ];
}

/** The formula is a poor proxy of cost: rounding makes networks of equal product differ by more than half. */
function costSpread({ candidates }: PlanNotesRequest): string[] {
  const ratios = candidates.map((candidate) => candidate.macsRatio);
  const least = Math.min(...ratios);
  const most = Math.max(...ratios);
  if (most < 1.1 * least) return [];
  return [
    `Rounding makes the candidates differ in exact cost: from ${least.toFixed(2)} to ${most.toFixed(2)} times the ` +
      "baseline's multiply-adds.",
  ];
}

/** The notes that scaling and costing make on single networks, each kind once. */
function networkNotes({ groups }: PlanNotesRequest): string[] {
  const byCode = new Map<string, { message: string; count: number }>();
  for (const { architecture, totals } of groups) {
    for (const { code, message } of [...architecture.notes, ...totals.warnings]) {
      const known = byCode.get(code);
      byCode.set(code, { message: known?.message ?? message, count: (known?.count ?? 0) + 1 });
    }
  }
  return [...byCode.values()].map(({ message, count }) =>
    count === 1 ? `One candidate: ${message}` : `${count} candidates, the first of them: ${message}`,
  );
}

/** Sentences to read before a search starts. */
export function planNotes(request: PlanNotesRequest): string[] {
  return [...sharedNetworks(request), ...costSpread(request), ...enlargedImages(request), ...networkNotes(request)];
}
