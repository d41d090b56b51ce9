/** The seeds of several candidates, numbered from 0 in the order in which they first occur. */
export interface NumberedSeeds {
  /** How many different ones there are. */
  readonly count: number;
  /** Of each candidate, in the order of its trainings. One that has the seeds of the candidate before shares its array. */
  readonly ofCandidates: readonly Int32Array[];
}

interface Trained {
  readonly seeds: readonly number[];
}

function hasSeedsOf({ seeds }: Trained, other: Trained | undefined): boolean {
  if (seeds.length !== other?.seeds.length) return false;
  for (let index = 0; index < seeds.length; index++) {
    if (seeds[index] !== other.seeds[index]) return false;
  }
  return true;
}

export function numberSeeds(candidates: readonly Trained[]): NumberedSeeds {
  const numbers = new Map<number, number>();
  const numberOf = (seed: number): number => {
    const known = numbers.get(seed);
    if (known !== undefined) return known;
    numbers.set(seed, numbers.size);
    return numbers.size - 1;
  };
  const ofCandidates: Int32Array[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const before = ofCandidates.at(-1);
    const isShared = before !== undefined && hasSeedsOf(candidate, candidates[index - 1]);
    ofCandidates.push(isShared ? before : Int32Array.from(candidate.seeds.map(numberOf)));
  }
  return { count: numbers.size, ofCandidates };
}
