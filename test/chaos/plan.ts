import { randomStream } from '@compound-search/random';

import { WORKERS } from './service.ts';

/** What is done to a service under way. */
export const disturbanceKinds = [
  'kill api',
  'kill worker',
  'kill training',
  'kill postgres',
  'kill valkey',
  'flush valkey',
  'cut postgres',
  'cut valkey',
  'stop worker',
  'fill disk',
  'set clock',
] as const;
export type DisturbanceKind = (typeof disturbanceKinds)[number];

/** One disturbance: what, whom, and when. */
export interface Disturbance {
  readonly kind: DisturbanceKind;
  /** It comes so many milliseconds after so many trainings have ended or paused. */
  readonly afterTrainings: number;
  readonly afterMilliseconds: number;
  /** Of a worker that is meant. */
  readonly worker: number;
  /** Seconds that something stays stopped or full. */
  readonly seconds: number;
  /** Hours that a clock is off from then on. */
  readonly hours: number;
}

/** Leases have 15 seconds; some more, and another worker has trained the trial meanwhile. */
const SHORTEST_STOP_SECONDS = 16;
const MOST_EXTRA_DISTURBANCES = 4;

/**
 * Only these come more than once: a trial whose process is lost for the third time without an epoch more than before has
 * failed, as it should, and then there is no undisturbed run to compare with.
 */
const repeatable: readonly DisturbanceKind[] = [
  'kill api',
  'kill valkey',
  'flush valkey',
  'cut postgres',
  'cut valkey',
];

/**
 * Every kind of disturbance and some more, at moments and to parts that the seed decides: before three in four of so many
 * trainings have ended, so that there is still something under way.
 */
export function planOf(seed: number, trainings: number): Disturbance[] {
  const random = randomStream(seed, 'chaos');
  const extra = Array.from(
    { length: random.nextBelow(MOST_EXTRA_DISTURBANCES + 1) },
    () => repeatable[random.nextBelow(repeatable.length)] ?? 'kill api',
  );
  return [...disturbanceKinds, ...extra]
    .map((kind) => ({
      kind,
      afterTrainings: random.nextBelow(Math.floor((3 * trainings) / 4)),
      afterMilliseconds: random.nextBelow(1500),
      worker: random.nextBelow(WORKERS),
      seconds: SHORTEST_STOP_SECONDS + random.nextBelow(8),
      hours: (1 + random.nextBelow(48)) * (random.nextBelow(2) === 0 ? -1 : 1),
    }))
    .sort((a, b) => a.afterTrainings - b.afterTrainings || a.afterMilliseconds - b.afterMilliseconds);
}
