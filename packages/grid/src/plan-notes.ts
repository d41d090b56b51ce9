import type { Candidate, Constraint, PlanWarning } from '@compound-search/contracts';
import { efficientnetCoefficients } from '@compound-search/scaling';

import type { AxisName } from './axis.ts';
import type { PointGroup } from './candidates.ts';
import { bandOf, toPoint } from './constraint-band.ts';
import type { ListedGrid } from './listed-grid.ts';

/** What the notes are about. */
export interface PlanNotesRequest {
  readonly groups: readonly PointGroup[];
  readonly candidates: readonly Candidate[];
  readonly feasiblePoints: number;
  readonly image: { readonly height: number; readonly width: number };
  readonly warnings: readonly PlanWarning[];
  /** Points that became equal to another one. */
  readonly samePoint: number;
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
function costsDiffer({ candidates }: WarningsRequest): PlanWarning[] {
  const ratios = candidates.map((candidate) => candidate.macsRatio);
  const least = Math.min(...ratios);
  const most = Math.max(...ratios);
  if (most <= 1.1 * least) return [];
  const message =
    `Rounding makes the candidates differ in exact cost: from ${least.toFixed(2)} to ${most.toFixed(2)} times the ` +
    "baseline's multiply-adds.";
  return [{ code: 'COSTS_DIFFER', message }];
}

/** A grid that holds the paper's answer, with a tolerance that leaves it out: its product is 1.92 where 2 is meant. */
function papersPointLeftOut({ grid, constraint }: WarningsRequest): PlanWarning[] {
  if (grid === undefined || constraint.measure !== 'formula' || constraint.target !== 2) return [];
  const isInGrid = Object.entries(efficientnetCoefficients).every(([axis, value]) =>
    grid.values.get(axis as AxisName)?.some((listed) => Math.abs(listed - value) < 1e-9),
  );
  const { alpha, beta, gamma, product } = toPoint(efficientnetCoefficients, constraint);
  const { least, most } = bandOf(constraint);
  if (!isInGrid || (product >= least && product <= most)) return [];
  const message =
    `The tolerance leaves out the paper's own point, (${alpha}, ${beta}, ${gamma}), whose product is ` +
    `${Number(product.toPrecision(4))}; one of 0.08 admits it.`;
  return [{ code: 'PAPERS_POINT_LEFT_OUT', message }];
}

/** What warnings are about. */
export interface WarningsRequest {
  readonly candidates: readonly Candidate[];
  /** Undefined where points are listed. */
  readonly grid: ListedGrid | undefined;
  readonly constraint: Constraint;
}

/** What makes a comparison of these candidates worth less than it seems. */
export function planWarnings(request: WarningsRequest): PlanWarning[] {
  return [...costsDiffer(request), ...papersPointLeftOut(request)];
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

function equalPoints({ samePoint }: PlanNotesRequest): string[] {
  if (samePoint === 0) return [];
  const points = samePoint === 1 ? 'point was' : 'points were';
  return [`${samePoint} ${points} tuned to the resolution of another one, and each counts once with it.`];
}

/** Sentences to read before a search starts; the warnings are among them. */
export function planNotes(request: PlanNotesRequest): string[] {
  return [
    ...sharedNetworks(request),
    ...request.warnings.map(({ message }) => message),
    ...equalPoints(request),
    ...enlargedImages(request),
    ...networkNotes(request),
  ];
}
