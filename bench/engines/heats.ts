import { type ContestLength, describeEntry, type Entry, holdContest, type Result } from './contest.ts';
import { families } from './contestants.ts';
import { median } from './statistics.ts';

/** A setting of an engine that could not run the network, and why. */
export interface Refusal {
  readonly entry: Entry;
  readonly reason: string;
}

/** What came of the heats. */
export interface HeatOutcome {
  readonly results: readonly Result[];
  readonly refusals: readonly Refusal[];
  /** The fastest entry of each family, and one that comes within `closeness` of it; none of a contestant that was refused. */
  readonly finalists: readonly Entry[];
}

/** Share of its family's best speed that lets a second entry into the final: a heat is one turn, and noisy. */
const closeness = 0.9;
const finalistsPerFamily = 2;

/**
 * Lets every entry train one turn alone and picks those that meet in the final. All at once would need the memory of
 * some twenty processes.
 */
export async function holdHeats(
  entries: readonly Entry[],
  length: Omit<ContestLength, 'rounds'>,
  log: (line: string) => void,
): Promise<HeatOutcome> {
  const results: Result[] = [];
  const refusals: Refusal[] = [];
  for (const entry of entries) {
    try {
      const heat = await holdContest([entry], { ...length, rounds: 1 }, log);
      for (const result of heat) log(`${describeEntry(result)}: ${Math.round(speed(result))} images/s`);
      results.push(...heat);
    } catch (error) {
      if (!entry.contestant.mayFail) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      log(`${describeEntry(entry)} failed: ${reason}`);
      refusals.push({ entry, reason });
    }
  }
  // What was refused once may have found no memory, and in the final others are there too.
  const refused = new Set(refusals.map(({ entry }) => entry.contestant));
  const finalists = families.flatMap((family) => {
    const own = results.filter(({ contestant }) => contestant.family === family && !refused.has(contestant));
    const best = Math.max(...own.map(speed));
    return own
      .filter((result) => speed(result) >= closeness * best)
      .sort((a, b) => speed(b) - speed(a))
      .slice(0, finalistsPerFamily);
  });
  return { results, refusals, finalists };
}

function speed({ imagesPerSecond }: Result): number {
  return median(imagesPerSecond);
}
