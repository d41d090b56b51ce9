import type { TrainingEvent } from '@compound-search/contracts';
import type { Attempt, AttemptStore } from '@compound-search/store';

import { retryWhileUnavailable } from './retry-while-unavailable.ts';

/** Writes what a training reports, one after the other in the order of its messages. */
export interface TrialRecord {
  /** Takes an event to be written; never blocks the training. */
  note(event: TrainingEvent): void;
  /** Steps that the training has reported. */
  readonly step: number;
  /** Resolves when all that was noted is written: to false where the store refused it, since the attempt is over. @throws what a write threw. */
  written(): Promise<boolean>;
}

export interface TrialRecordOptions {
  readonly store: Pick<AttemptStore, 'recordStart' | 'recordEpoch' | 'recordModel'>;
  readonly attempt: Attempt;
  /** Ends the waiting for a store that does not answer. */
  readonly signal: AbortSignal;
  /** Called when the store refuses a write because the attempt is over, or cannot take it at all. */
  readonly onEnd: () => void;
}

export function createTrialRecord({ store, attempt, signal, onEnd }: TrialRecordOptions): TrialRecord {
  let step = 0;
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

  return {
    note(event) {
      if (event.type === 'started') {
        write(() => store.recordStart({ ...attempt, engine: event.engine, steps: event.steps }));
      } else if (event.type === 'epoch') {
        step = event.epoch.step;
        write(() => store.recordEpoch({ ...attempt, epoch: event.epoch }));
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
    written: () => written,
  };
}
