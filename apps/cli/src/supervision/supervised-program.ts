import { CompoundSearchError } from '@compound-search/contracts';

import { lastWords } from './last-words.ts';
import { type Program, startProgram } from './program-process.ts';
import type { Supervised } from './supervised.ts';

/** A program that says when it can do its work. */
export interface SupervisedProgram extends Program {
  /** Whether a message of the program says that it is ready. */
  readonly isReady: (message: unknown) => boolean;
}

/** Keeps a program alive; it is ready with the message that says so. */
export function supervisedProgram(program: SupervisedProgram): Supervised<unknown> {
  const { name, logFile } = program;
  return {
    name,
    subject: `The ${name}`,
    start: () => {
      const { pid, ended, onMessage, stop, kill } = startProgram(program);
      const ready = new Promise<unknown>((resolve) => {
        onMessage((message) => {
          if (program.isReady(message)) resolve(message);
        });
      });
      return { pid, ready, ended, stop, kill };
    },
    failure: (how, failedStarts) => {
      const words = lastWords(logFile);
      return new CompoundSearchError(
        'SERVICE_START_FAILED',
        `The ${name} cannot be started: ${failedStarts} starts in a row failed, the last with ${how}${words === '' ? '' : `: ${words}`}`,
        { field: name, remedy: `Its log is ${logFile}.` },
      );
    },
  };
}
