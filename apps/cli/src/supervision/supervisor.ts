import { CompoundSearchError } from '@compound-search/contracts';

import { lastWords } from './last-words.ts';
import { type Program, type ProgramProcess, startProgram } from './program-process.ts';

/** A program that says when it can do its work. */
export interface SupervisedProgram extends Program {
  /** Whether a message of the program says that it is ready. */
  readonly isReady: (message: unknown) => boolean;
}

/** When a program that has died is started again. */
export interface RestartPolicy {
  /** Pause before the first restart; doubles with every further death. */
  readonly firstPauseMilliseconds: number;
  readonly longestPauseMilliseconds: number;
  /** A program that lived so long before it died starts again after the first pause. */
  readonly calmMilliseconds: number;
  /** After so many starts in a row that never became ready the program is given up. */
  readonly failedStarts: number;
  /** How long a program may take to end after SIGTERM. */
  readonly graceMilliseconds: number;
}

/** Restarts at once after a chance death, and does not burn the machine on a program that cannot live. */
export const defaultRestartPolicy: RestartPolicy = {
  firstPauseMilliseconds: 250,
  longestPauseMilliseconds: 10_000,
  calmMilliseconds: 30_000,
  failedStarts: 5,
  graceMilliseconds: 10_000,
};

/** What happens to a program. */
export type ProgramEvent =
  | { readonly type: 'ready'; readonly program: string; readonly message: unknown; readonly starts: number }
  | { readonly type: 'died'; readonly program: string; readonly how: string; readonly pauseMilliseconds: number };

/** Whom a supervisor tells, and how patient it is. */
export interface SupervisorOptions {
  readonly onEvent?: (event: ProgramEvent) => void;
  /** @defaultValue defaultRestartPolicy */
  readonly policy?: RestartPolicy;
}

/**
 * Keeps a program alive until it is stopped or given up.
 *
 * starting -> ready -> (dies) pausing -> starting; starting -> (dies) pausing -> starting, or given up after
 * `failedStarts` in a row; any -> stopped.
 */
export class Supervisor {
  /** The first ready message; rejects with SERVICE_START_FAILED where it never came. */
  readonly ready: Promise<unknown>;
  /** Resolves where the program is given up; never rejects. */
  readonly gaveUp: Promise<CompoundSearchError>;
  readonly #program: SupervisedProgram;
  readonly #onEvent: (event: ProgramEvent) => void;
  readonly #policy: RestartPolicy;
  #resolveReady: (message: unknown) => void = () => undefined;
  #rejectReady: (error: CompoundSearchError) => void = () => undefined;
  #resolveGaveUp: (error: CompoundSearchError) => void = () => undefined;
  #current: ProgramProcess | undefined;
  #pause: NodeJS.Timeout | undefined;
  #isStopped = false;
  #starts = 0;
  #failedStarts = 0;
  #quickDeaths = 0;

  constructor(program: SupervisedProgram, options: SupervisorOptions = {}) {
    this.#program = program;
    this.#onEvent = options.onEvent ?? (() => undefined);
    this.#policy = options.policy ?? defaultRestartPolicy;
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    // Whoever stops a program before it is ready need not have waited for it.
    this.ready.catch(() => undefined);
    this.gaveUp = new Promise((resolve) => {
      this.#resolveGaveUp = resolve;
    });
    this.#start();
  }

  /** Process id of the current run; undefined between two. */
  get pid(): number | undefined {
    return this.#current?.pid;
  }

  /** Ends the program for good: SIGTERM, and SIGKILL after the grace or where `hasten` aborts. */
  async stop(hasten?: AbortSignal): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#pause);
    const { name } = this.#program;
    this.#rejectReady(new CompoundSearchError('SERVICE_START_FAILED', `The ${name} was stopped before it was ready.`));
    const running = this.#current;
    if (running === undefined) return;
    const kill = (): void => running.kill();
    hasten?.addEventListener('abort', kill, { once: true });
    try {
      await running.stop(hasten?.aborted === true ? 0 : this.#policy.graceMilliseconds);
    } finally {
      hasten?.removeEventListener('abort', kill);
    }
  }

  #start(): void {
    const startedAt = performance.now();
    const running = startProgram(this.#program);
    this.#current = running;
    this.#starts += 1;
    let isReady = false;
    running.onMessage((message) => {
      if (isReady || !this.#program.isReady(message)) return;
      isReady = true;
      this.#failedStarts = 0;
      this.#onEvent({ type: 'ready', program: this.#program.name, message, starts: this.#starts });
      this.#resolveReady(message);
    });
    void running.ended.then((how) => {
      this.#current = undefined;
      if (this.#isStopped) return;
      if (!isReady) this.#failedStarts += 1;
      this.#quickDeaths = performance.now() - startedAt < this.#policy.calmMilliseconds ? this.#quickDeaths + 1 : 1;
      this.#afterDeath(how);
    });
  }

  #afterDeath(how: string): void {
    const { failedStarts, firstPauseMilliseconds, longestPauseMilliseconds } = this.#policy;
    if (this.#failedStarts >= failedStarts) {
      this.#giveUp(how);
      return;
    }
    const pauseMilliseconds = Math.min(firstPauseMilliseconds * 2 ** (this.#quickDeaths - 1), longestPauseMilliseconds);
    this.#onEvent({ type: 'died', program: this.#program.name, how, pauseMilliseconds });
    this.#pause = setTimeout(() => this.#start(), pauseMilliseconds);
  }

  #giveUp(how: string): void {
    const { name, logFile } = this.#program;
    const words = lastWords(logFile);
    const error = new CompoundSearchError(
      'SERVICE_START_FAILED',
      `The ${name} cannot be started: ${this.#failedStarts} starts in a row failed, the last with ${how}${words === '' ? '' : `: ${words}`}`,
      { field: name, remedy: `Its log is ${logFile}.` },
    );
    this.#isStopped = true;
    this.#rejectReady(error);
    this.#resolveGaveUp(error);
  }
}
