import {
  type Engine,
  type Epoch,
  epochSchema,
  type TrialComparison,
  type TrialDetail,
} from '@compound-search/contracts';

/** What must repeat to the bit: every number of an epoch but its wall-clock time. */
const repeatedFields = Object.keys(epochSchema.omit({ seconds: true }).shape) as Exclude<keyof Epoch, 'seconds'>[];

/**
 * Holds a rerun against the trial that it repeats, as far as it has come: all epochs and the hash of the weights.
 * A difference is explained by what differs between the engines; the data set's content is a part of them.
 */
export function compareTrials(recorded: TrialDetail, rerun: TrialDetail): TrialComparison {
  const hasCompleted = rerun.state === 'completed';
  const firstDifference = findFirstDifference(recorded, rerun);
  const weightsHash = {
    recorded: recorded.result?.weightsHash ?? null,
    rerun: rerun.result?.weightsHash ?? null,
  };
  return {
    trialId: recorded.id,
    rerunId: rerun.id,
    state: rerun.state,
    equal: hasCompleted ? firstDifference === null && weightsHash.recorded === weightsHash.rerun : null,
    firstDifference,
    weightsHash,
    engine: { recorded: recorded.engine, rerun: rerun.engine },
    engineDifferences: engineDifferences(recorded.engine, rerun.engine),
    failure: rerun.failure,
  };
}

function findFirstDifference(recorded: TrialDetail, rerun: TrialDetail): TrialComparison['firstDifference'] {
  const curves = { recorded: byEpoch(recorded), rerun: byEpoch(rerun) };
  // An epoch that the rerun has yet to reach is no difference.
  const last = rerun.state === 'completed' ? Infinity : Math.max(0, ...curves.rerun.keys());
  const epochs = [...new Set([...curves.recorded.keys(), ...curves.rerun.keys()])].sort((one, other) => one - other);
  for (const epoch of epochs) {
    if (epoch > last) break;
    const sides = { recorded: curves.recorded.get(epoch) ?? null, rerun: curves.rerun.get(epoch) ?? null };
    if (!isSame(sides.recorded, sides.rerun)) return { epoch, ...sides };
  }
  return null;
}

function byEpoch({ learningCurve }: TrialDetail): ReadonlyMap<number, Epoch> {
  return new Map(learningCurve.map((point) => [point.epoch, point]));
}

function isSame(one: Epoch | null, other: Epoch | null): boolean {
  return one !== null && other !== null && repeatedFields.every((field) => one[field] === other[field]);
}

function engineDifferences(recorded: Engine | null, rerun: Engine | null): string[] {
  if (recorded === null || rerun === null) return [];
  const names = Object.keys(recorded) as (keyof Engine)[];
  // The fingerprint is the hash of the others: that it differs says nothing more.
  return names.filter((name) => name !== 'fingerprint' && recorded[name] !== rerun[name]);
}
