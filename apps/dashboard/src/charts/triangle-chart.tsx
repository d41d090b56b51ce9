import { scaleSequential } from 'd3-scale';
import { interpolateViridis } from 'd3-scale-chromatic';

import { formatPercent } from '../formatting/numbers.ts';
import { discs, type Drawn, nearestMark, type TriangleMark } from './candidate-marks.ts';
import { type Exponents, papersPoint, type Place, placeOf, sharesOf, uniformShares } from './triangle.ts';

const size = { width: 380, height: 330, left: 40, top: 34, side: 300, tall: 260 };

function at({ x, y }: Place): { readonly x: number; readonly y: number } {
  return { x: size.left + x * size.side, y: size.top + (1 - y) * size.tall };
}

interface TriangleProps {
  readonly marks: readonly TriangleMark[];
  readonly exponents: Exponents;
  readonly isByLoss: boolean;
  readonly chosen?: string | undefined;
  readonly onChoose?: (candidateId: string) => void;
}

/** Enough that neighbours differ, and few enough to be one path each. */
const shades = 8;

interface Dot extends Drawn {
  /** Undefined where there is no result yet. */
  readonly shade: number | undefined;
  readonly isTied: boolean;
}

function dotsOf(marks: readonly TriangleMark[]): Dot[] {
  const values = marks.flatMap(({ value }) => (value === undefined ? [] : [value.mean]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return marks.flatMap(({ candidateId, places, value, isTied }) => {
    const part = value === undefined ? undefined : high === low ? 1 : (value.mean - low) / (high - low);
    const shade = part === undefined ? undefined : Math.round(part * (shades - 1));
    return places.map((place) => ({ candidateId, ...at(place), shade, isTied }));
  });
}

const corners = [at({ x: 0.5, y: 1 }), at({ x: 0, y: 0 }), at({ x: 1, y: 0 })];
const outline = `M${corners.map(({ x, y }) => `${x} ${y}`).join('L')}Z`;
const gridLines = [0.25, 0.5, 0.75]
  .flatMap((part) => [
    [
      [part, 1 - part, 0],
      [part, 0, 1 - part],
    ],
    [
      [1 - part, part, 0],
      [0, part, 1 - part],
    ],
    [
      [1 - part, 0, part],
      [0, 1 - part, part],
    ],
  ])
  .map(
    (ends) =>
      `M${ends
        .map(([a = 0, b = 0, c = 0]) => at(placeOf([a, b, c])))
        .map(({ x, y }) => `${x} ${y}`)
        .join('L')}`,
  )
  .join('');

/** Every candidate by what part depth, width and resolution have in its growth; a line joins points of one network. */
export function TriangleChart({ marks, exponents, isByLoss, chosen, onChoose }: TriangleProps) {
  const dots = dotsOf(marks);
  const joined = marks.map(({ places }) =>
    places.length < 2
      ? ''
      : `M${places
          .map(at)
          .map(({ x, y }) => `${x} ${y}`)
          .join('L')}`,
  );
  const chosenDots = dots.filter(({ candidateId }) => candidateId === chosen);
  return (
    <svg
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label="Candidates by the parts that depth, width and resolution have in their growth; the table below has the same"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const scale = size.width / box.width;
        const nearest = nearestMark(dots, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale, 18);
        if (nearest !== undefined) onChoose?.(nearest.candidateId);
      }}
    >
      <path d={gridLines} class="grid" />
      <path d={outline} class="axis" />
      <path d={joined.join('')} class="same" />
      <Dots dots={dots} isByLoss={isByLoss} />
      <Fixed label="uniform" place={placeOf(uniformShares)} right={false} />
      <Fixed label="paper" place={placeOf(sharesOf(papersPoint, exponents) ?? uniformShares)} right />
      <path d={discs(chosenDots, 10)} class="chosen" />
      <Corners />
    </svg>
  );
}

/** Those without a result below all others, and shade by shade. */
function Dots({ dots, isByLoss }: { readonly dots: readonly Dot[]; readonly isByLoss: boolean }) {
  const colour = scaleSequential(isByLoss ? [shades - 1, 0] : [0, shades - 1], interpolateViridis);
  const ofShade = (shade: number | undefined): Dot[] => dots.filter((dot) => dot.shade === shade);
  return (
    <>
      <path d={discs(ofShade(undefined), 4)} class="unknown" />
      {Array.from({ length: shades }, (_, shade) => (
        <path key={shade} d={discs(ofShade(shade), 5)} fill={colour(shade)} />
      ))}
      <path
        d={discs(
          dots.filter(({ isTied }) => isTied),
          6.5,
        )}
        class="tied-ring"
      />
    </>
  );
}

function Corners() {
  const base = size.height - 12;
  return (
    <>
      <text x={corners[0]?.x} y={18} text-anchor="middle">
        depth only
      </text>
      <text x={4} y={base}>
        width only
      </text>
      <text x={size.width - 4} y={base} text-anchor="end">
        resolution only
      </text>
    </>
  );
}

function Fixed({ label, place, right }: { readonly label: string; readonly place: Place; readonly right: boolean }) {
  const { x, y } = at(place);
  return (
    <>
      <path d={`M${x - 5} ${y}h10M${x} ${y - 5}v10`} class="fixed" />
      <text x={right ? x + 9 : x - 9} y={y + 4} text-anchor={right ? 'start' : 'end'} class="halo">
        {label}
      </text>
    </>
  );
}

/** What the colours of the triangle mean. */
export function TriangleLegend({ marks, isByLoss }: Pick<TriangleProps, 'marks' | 'isByLoss'>) {
  const values = marks.flatMap(({ value }) => (value === undefined ? [] : [value.mean]));
  if (values.length === 0) return <p class="legend">Grey: no result yet.</p>;
  const text = (value: number): string => (isByLoss ? value.toFixed(3) : formatPercent(value, 1));
  return (
    <p class="legend">
      <span>{text(Math.min(...values))}</span>
      <span class={isByLoss ? 'ramp turned' : 'ramp'} aria-hidden="true" />
      <span>{text(Math.max(...values))}</span>
      <span>Ring: cannot be told from the best. Line: one network.</span>
    </p>
  );
}
