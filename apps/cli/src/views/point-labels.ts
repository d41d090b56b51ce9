import type { Point } from '@compound-search/contracts';

type Labelled = Pick<Point, 'label'>;

/** What the points of a network stand for; several that rounding has made the same network stand beside each other. */
export function labelOf(points: readonly Labelled[]): string {
  return points.flatMap(({ label }) => label ?? []).join(' = ');
}

/** Whether any point of these networks is listed with a label. */
export function isLabelled(networks: readonly { readonly points: readonly Labelled[] }[]): boolean {
  return networks.some(({ points }) => points.some(({ label }) => label !== undefined));
}

/** Of the longest label in a column: tables stay legible, and the JSON has all of it. */
const longest = 24;

/** A label as it stands in a column. */
export function shortLabelOf(points: readonly Labelled[]): string {
  const label = labelOf(points);
  return label.length <= longest ? label : `${label.slice(0, longest - 1)}…`;
}
