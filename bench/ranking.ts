/**
 * How long ranking holds up the event loop, by the size of a search: `npm run bench:ranking`. Accuracies are made up: a
 * difference of 0.1 between the best and the worst candidate, a level for each seed and noise of 0.004. In a search with
 * holes one trial in ten was lost, so that the fit of candidates and seeds takes more than two sweeps.
 * The first of the rounds runs code that is not compiled yet.
 */
import { type RandomStream, randomStream } from '@compound-search/random';
import { chooseWinner, rankCandidates, type RankingRequest, type RankingTrial } from '@compound-search/ranking';

interface Size {
  readonly candidates: number;
  readonly seeds: number;
  /** Share of trials that were lost. */
  readonly holes: number;
}

const sizes: readonly Size[] = [
  { candidates: 20, seeds: 32, holes: 0.1 },
  { candidates: 50, seeds: 32, holes: 0.1 },
  { candidates: 200, seeds: 4, holes: 0 },
  { candidates: 200, seeds: 100, holes: 0 },
  { candidates: 200, seeds: 100, holes: 0.1 },
  { candidates: 1200, seeds: 16, holes: 0 },
  { candidates: 1200, seeds: 16, holes: 0.1 },
  { candidates: 1200, seeds: 2, holes: 0 },
];
const rounds = 50;

/** Close enough to a normal number for a benchmark: the sum of twelve uniform ones. */
function normal(stream: RandomStream): number {
  let sum = -6;
  for (let term = 0; term < 12; term++) sum += stream.nextFloat();
  return sum;
}

function madeUpSearch({ candidates, seeds, holes }: Size): RankingRequest {
  const stream = randomStream(1, 'ranking benchmark');
  const levels = Array.from({ length: seeds }, () => 0.005 * normal(stream));
  const fingerprints = Array.from({ length: candidates }, (_, index) => `network-${index}`);
  const trials = fingerprints.flatMap((fingerprint, index) =>
    levels.map((level, seed): RankingTrial => {
      const lost = stream.nextFloat() < holes;
      const accuracy = 0.95 - (0.1 * index) / candidates + level + 0.004 * normal(stream);
      return lost
        ? { fingerprint, seed, state: 'failed', failedBy: 'infrastructure', validationAccuracy: null }
        : { fingerprint, seed, state: 'completed', failedBy: null, validationAccuracy: accuracy };
    }),
  );
  return { candidates: fingerprints.map((fingerprint, index) => ({ fingerprint, macs: 1000 + index })), trials };
}

for (const size of sizes) {
  const search = madeUpSearch(size);
  const milliseconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    chooseWinner(rankCandidates(search));
    milliseconds.push(performance.now() - start);
  }
  const [first = 0] = milliseconds;
  const [fastest = 0, ...others] = milliseconds.toSorted((one, other) => one - other);
  const figures = { first, fastest, median: others[Math.floor(rounds / 2) - 1] ?? 0 };
  const shown = Object.entries(figures).map(([name, time]) => `${name} ${time.toFixed(1).padStart(5)} ms`);
  console.log(
    `${`${size.candidates} candidates x ${size.seeds} seeds, ${100 * size.holes} % lost`.padEnd(42)} ${shown.join(', ')}`,
  );
}
