/**
 * Made-up searches whose best candidate is known: accuracy surfaces over real feasible grids of (alpha, beta, gamma), and
 * what trainings on them come to. The benchmarks of statistics and of strategies draw from them; nothing is trained.
 */
import { constraintSchema } from '@compound-search/contracts';
import { planSearch } from '@compound-search/grid';
import { findBaseline } from '@compound-search/networks';
import { type RandomStream, randomStream } from '@compound-search/random';

/** A candidate with what no search knows. */
export interface SimulatedCandidate {
  readonly fingerprint: string;
  readonly macs: number;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  /** Expected validation accuracy of a training of it. */
  readonly trueMean: number;
}

/** One replication of a surface: a search of which all is known. */
export interface SimulatedSearch {
  readonly candidates: readonly SimulatedCandidate[];
  /** Highest of the true means. */
  readonly highest: number;
  /** Validation accuracy of a candidate, by its index, under seed 1, 2, ... The same for every call and order of calls. */
  readonly train: (candidate: number, seed: number) => number;
}

export type Shape = 'independent' | 'flat' | 'sharp' | 'ridge' | 'near ties';
export type Noise = 'normal' | 'heavy tails' | 'unequal' | 'diverging';

export interface Surface {
  readonly shape: Shape;
  readonly noise: Noise;
}

export const shapes: readonly Shape[] = ['independent', 'flat', 'sharp', 'ridge', 'near ties'];

/** Every shape with normal noise, and every other noise on the two shapes that are hardest to tell apart. */
export const surfaces: readonly Surface[] = [
  ...shapes.map((shape): Surface => ({ shape, noise: 'normal' })),
  ...(['heavy tails', 'unequal', 'diverging'] as const).flatMap((noise) =>
    (['independent', 'ridge'] as const).map((shape): Surface => ({ shape, noise })),
  ),
];

export function surfaceName({ shape, noise }: Surface): string {
  return `${shape}, ${noise}`;
}

/** Standard deviations of accuracy: between trainings of one candidate, and of what a seed does to all of them. */
const seedNoise = 0.005;
const commonSeedNoise = 0.003;
/** Of what a network has beside its place on the surface: rounded channels, odd resolutions. */
const roughness = 0.001;
const top = 0.95;
const chance = 0.1;

/** A normal number: Box & Muller 1958. */
export function drawNormal(stream: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.nextFloat()));
  return radius * Math.cos(2 * Math.PI * stream.nextFloat());
}

type Place = Omit<SimulatedCandidate, 'trueMean'>;

const step = 0.02;
let feasible: readonly Place[] | undefined;

/** The distinct networks of the paper's constraint around EfficientNet-B0, on a fine grid. */
function feasiblePlaces(): readonly Place[] {
  feasible ??= planSearch({
    grid: {
      alpha: { from: 1, to: 2, step },
      beta: { from: 1, to: 1.42, step },
      gamma: { from: 1, to: 1.42, step },
    },
    constraint: constraintSchema.parse({ target: 2, tolerance: 0.05 }),
    baseline: findBaseline('efficientnet-b0'),
    image: { height: 224, width: 224 },
    limits: { maximumCandidates: 100_000 },
  }).candidates.map(({ fingerprint, macs, multipliers: { depth, width, resolution } }) => ({
    fingerprint,
    macs,
    alpha: depth,
    beta: width,
    gamma: resolution,
  }));
  return feasible;
}

/** A grid of that many candidates, spread over the feasible region with a random offset. */
function choosePlaces(count: number, stream: RandomStream): Place[] {
  const all = feasiblePlaces();
  const stride = all.length / count;
  if (stride < 1) throw new RangeError(`There are ${all.length} candidates and not ${count}.`);
  const offset = stream.nextFloat() * stride;
  return Array.from({ length: count }, (_, index) => {
    const place = all[Math.floor(offset + index * stride)];
    if (place === undefined) throw new RangeError(`There is no candidate ${index} of ${count}.`);
    return place;
  });
}

/** Shares of the additional cost that go into depth and width; resolution has the rest. */
function sharesOf({ alpha, beta }: Pick<Place, 'alpha' | 'beta'>): readonly [number, number] {
  return [Math.log2(alpha), 2 * Math.log2(beta)];
}

/** How far below the top a place is, by its shares of the cost and a point of the region that the replication has drawn. */
type Loss = (depth: number, width: number) => number;

function bump([depth, width]: readonly [number, number], steepness: number, power: number): Loss {
  return (ownDepth, ownWidth) => steepness * Math.hypot(ownDepth - depth, ownWidth - width) ** power;
}

function drawLoss(shape: Exclude<Shape, 'independent'>, stream: RandomStream): Loss {
  const peak = [0.1 + 0.4 * stream.nextFloat(), 0.1 + 0.4 * stream.nextFloat()] as const;
  switch (shape) {
    case 'flat':
      return bump(peak, 0.006, 2);
    case 'sharp':
      return bump(peak, 0.2, 1);
    case 'ridge':
      return (depth) => 0.04 * (depth - peak[0]) ** 2;
    case 'near ties': {
      const [one, other] = [bump(peak, 0.06, 2), bump([0.6 - peak[0], 0.6 - peak[1]], 0.06, 2)];
      return (depth, width) => Math.min(one(depth, width), 0.0005 + other(depth, width));
    }
  }
}

function drawMeans(shape: Shape, places: readonly Place[], stream: RandomStream): number[] {
  if (shape === 'independent') return places.map(() => top + seedNoise * drawNormal(stream));
  const loss = drawLoss(shape, stream);
  return places.map((place) => top - loss(...sharesOf(place)) + roughness * drawNormal(stream));
}

/** How trainings of one candidate spread around its true mean: `draw` has a mean of 0. */
interface Trainings {
  readonly trueMean: number;
  readonly draw: (stream: RandomStream) => number;
}

const erraticShare = 0.05;

/** Student's t with three degrees of freedom, with the same standard deviation as the normal noise has. */
function drawHeavyTailed(stream: RandomStream): number {
  const chiSquare = drawNormal(stream) ** 2 + drawNormal(stream) ** 2 + drawNormal(stream) ** 2;
  return (seedNoise * drawNormal(stream)) / Math.sqrt(chiSquare);
}

function trainingsOf(trueMean: number, noise: Noise, stream: RandomStream): Trainings {
  const own = drawNormal(stream);
  const erratic = stream.nextFloat() < erraticShare;
  const normal =
    (deviation: number): Trainings['draw'] =>
    (source) =>
      deviation * drawNormal(source);
  if (noise === 'heavy tails') return { trueMean, draw: drawHeavyTailed };
  // Two thirds of the candidates within a factor of 1.65 of the middle.
  if (noise === 'unequal') return { trueMean, draw: normal(seedNoise * Math.exp(0.5 * own)) };
  if (noise === 'diverging' && erratic) {
    // Every second training ends no better than chance.
    const half = (trueMean - chance) / 2;
    return {
      trueMean: trueMean - half,
      draw: (source) => (source.nextFloat() < 0.5 ? half : -half) + seedNoise * drawNormal(source),
    };
  }
  return { trueMean, draw: normal(seedNoise) };
}

/** Draws of one stream by their number, each drawn once. */
function numberedDraws(stream: RandomStream, draw: (stream: RandomStream) => number): (number: number) => number {
  const drawn: number[] = [];
  return (number) => {
    while (drawn.length < number) drawn.push(draw(stream));
    return drawn[number - 1] ?? Number.NaN;
  };
}

/** A search of `count` candidates on the surface. The same replication is the same search on every machine. */
export function simulateSearch(surface: Surface, count: number, replication: number): SimulatedSearch {
  const streamOf = (purpose: string): RandomStream =>
    randomStream(replication, `${surfaceName(surface)}, ${count}, ${purpose}`);
  const surfaceStream = streamOf('surface');
  const places = choosePlaces(count, surfaceStream);
  const trainings = drawMeans(surface.shape, places, surfaceStream).map((mean) =>
    trainingsOf(mean, surface.noise, surfaceStream),
  );
  const candidates = places.map((place, index) => ({ ...place, trueMean: trainings[index]?.trueMean ?? 0 }));
  const ofSeed = numberedDraws(streamOf('seeds'), (stream) => commonSeedNoise * drawNormal(stream));
  const own = new Map<number, (seed: number) => number>();
  return {
    candidates,
    highest: candidates.reduce((highest, { trueMean }) => Math.max(highest, trueMean), -Infinity),
    train: (candidate, seed) => {
      const { trueMean, draw } = trainings[candidate] ?? { trueMean: Number.NaN, draw: () => Number.NaN };
      let ofCandidate = own.get(candidate);
      if (ofCandidate === undefined) own.set(candidate, (ofCandidate = numberedDraws(streamOf(`${candidate}`), draw)));
      return trueMean + ofSeed(seed) + ofCandidate(seed);
    },
  };
}
