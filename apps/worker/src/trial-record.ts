import { type Engine, mostWarnings, type TrainingEvent, type TrialSpecification } from '@compound-search/contracts';
import type { Attempt, AttemptStart, AttemptStore } from '@compound-search/store';

import { retryWhileUnavailable } from './retry-while-unavailable.ts';

/** Writes what a training reports, one after the other in the order of its messages. */
export interface TrialRecord {
  /** Takes an event to be written; never blocks the training. */
  note(event: TrainingEvent): void;
  /** Steps that the training has reported. */
  readonly step: number;
  /** What the training has warned of, as far as the log of the trial has room for it. */
  readonly warnings: readonly string[];
  /** The equal trial whose end the store has given to this one, which has ended by that; undefined while it trains. */
  readonly takenOverFrom: string | undefined;
  /** Resolves when all that was noted is written: to false where the attempt is over by that. @throws what a write threw. */
  written(): Promise<boolean>;
}

export interface TrialRecordOptions {
  readonly store: Pick<AttemptStore, 'recordStart' | 'takeOverTrial' | 'recordEpoch' | 'recordModel'>;
  readonly attempt: Attempt;
  readonly specification: TrialSpecification;
  /** Whether an engine tells that this trial may be one that has been trained before. */
  readonly mayBeKnown: (engine: Engine) => boolean;
  /** Ends the waiting for a store that does not answer. */
  readonly signal: AbortSignal;
  /** Called when the attempt is over, as the store says, or the store cannot take a write at all. */
  readonly onEnd: () => void;
}

export function createTrialRecord(options: TrialRecordOptions): TrialRecord {
  const { store, attempt, specification, signal, onEnd } = options;
  const warnings: string[] = [];
  let step = 0;
  let takenOverFrom: string | undefined;
  let written = Promise.resolve(true);

  const write = (operation: () => Promise<boolean>): void => {
    written = written.then(async (held) => {
      if (!held) return false;
      const stillHeld = await retryWhileUnavailable(operation, signal);
      if (!stillHeld) onEnd();
      return stillHeld;
    });
    // The fault is reported by written(), at the end; until then it must not count as unhandled.
    written.catch(onEnd);
  };

  const trainUnlessKnown = async (engine: Engine): Promise<boolean> => {
    takenOverFrom = (await store.takeOverTrial({ ...attempt, engine })) ?? undefined;
    return takenOverFrom === undefined;
  };

  return {
    note(event) {
      if (event.type === 'started') {
        const { engine, steps, resumedFrom } = event;
        const task = { ...taskOf(specification), resumedFrom };
        write(() => store.recordStart({ ...attempt, engine, steps, task }));
        if (options.mayBeKnown(engine)) write(() => trainUnlessKnown(engine));
      } else if (event.type === 'epoch') {
        step = event.epoch.step;
        write(() => store.recordEpoch({ ...attempt, epoch: event.epoch }));
      } else if (event.type === 'warning') {
        if (warnings.length < mostWarnings) warnings.push(event.message);
      } else if (event.type === 'progress') {
        step = event.step;
      } else if (event.type === 'completed' && event.savedModel !== undefined) {
        const { savedModel } = event;
        write(() => store.recordModel({ ...attempt, savedModel }));
      }
    },
    get step() {
      return step;
    },
    warnings,
    get takenOverFrom() {
      return takenOverFrom;
    },
    written: () => written,
  };
}

function taskOf({
  dataset,
  device,
  seed,
  recipe,
  epochs,
}: TrialSpecification): Omit<NonNullable<AttemptStart['task']>, 'resumedFrom'> {
  return { dataset, device, seed, batchSize: recipe.batchSize, epochs: recipe.epochs, pauseAfter: epochs ?? null };
}
