import { CompoundSearchError } from '@compound-search/contracts';

import type { Run, Supervised } from './supervised.ts';

/** When something that has ended is started again. */
export interface RestartPolicy {
  /** Pause before the first restart; doubles with every further death. */
  readonly firstPauseMilliseconds: number;
  readonly longestPauseMilliseconds: number;
  /** What lived so long before it died starts again after the first pause. */
  readonly calmMilliseconds: number;
  /** It is given up after so many starts in a row that never became ready, ... */
  readonly failedStarts: number;
  /** ... or so many where it was never ready at all, ... */
  readonly failedFirstStarts: number;
  /** ... but not before it has been down for so long since it was last ready. */
  readonly patienceMilliseconds: number;
  /** How long it may take to end in order. */
  readonly graceMilliseconds: number;
}

/** Restarts at once after a chance death, and does not burn the machine on what cannot live. */
export const defaultRestartPolicy: RestartPolicy = {
  firstPauseMilliseconds: 250,
  longestPauseMilliseconds: 10_000,
  calmMilliseconds: 30_000,
  failedStarts: 5,
  failedFirstStarts: 5,
  patienceMilliseconds: 0,
  // A worker gives its trainings ten seconds for a last checkpoint, and hands them back after that.
  graceMilliseconds: 16_000,
};

/** What happens to what is supervised. */
export type SupervisionEvent =
  | { readonly type: 'ready'; readonly subject: string; readonly message: unknown; readonly starts: number }
  | {
      readonly type: 'died';
      readonly subject: string;
      readonly how: string;
      /** Starts in a row that never became ready; 0 where it was ready when it died. */
      readonly failedStarts: number;
      readonly pauseMilliseconds: number;
    };

/** Whom a supervisor tells, and how patient it is. */
export interface SupervisorOptions {
  readonly onEvent?: (event: SupervisionEvent) => void;
  /** @defaultValue defaultRestartPolicy */
  readonly policy?: RestartPolicy;
  /** What it cannot start without: after a death it is started again once these are ready. @defaultValue nothing */
  readonly needs?: readonly Pick<Supervisor<unknown>, 'whenReady'>[];
}

/**
 * Keeps something alive until it is stopped or given up.
 *
 * starting -> ready -> (dies) pausing -> starting; starting -> (dies) pausing -> starting, or given up as the policy
 * says; any -> stopped.
 */
export class Supervisor<Ready> {
  /** Resolves when it is ready for the first time; rejects with SERVICE_START_FAILED where it never is. */
  readonly ready: Promise<Ready>;
  /** Resolves where it is given up; never rejects. */
  readonly gaveUp: Promise<CompoundSearchError>;
  readonly #supervised: Supervised<Ready>;
  readonly #options: Required<SupervisorOptions>;
  #resolveReady: (message: Ready) => void = () => undefined;
  #rejectReady: (error: CompoundSearchError) => void = () => undefined;
  #resolveGaveUp: (error: CompoundSearchError) => void = () => undefined;
  #current: Run<Ready> | undefined;
  #pause: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isReady = false;
  /** Those who wait until it is ready (again). */
  #waiting: (() => void)[] = [];
  #starts = 0;
  #failedStarts = 0;
  #quickDeaths = 0;
  /** When it was last known to be ready; undefined where it never was. */
  #lastReady: number | undefined;

  constructor(supervised: Supervised<Ready>, options: SupervisorOptions = {}) {
    this.#supervised = supervised;
    this.#options = { onEvent: () => undefined, policy: defaultRestartPolicy, needs: [], ...options };
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    // Whoever stops it before it is ready need not have waited for it.
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

  /** Resolves when it is ready: at once, or when it is so again. */
  whenReady(): Promise<void> {
    return this.#isReady ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Ends it for good: in order, and by force after the grace or where `hasten` aborts. */
  async stop(hasten?: AbortSignal): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#pause);
    const { subject } = this.#supervised;
    this.#rejectReady(new CompoundSearchError('SERVICE_START_FAILED', `${subject} was stopped before it was ready.`));
    const running = this.#current;
    if (running === undefined) return;
    const kill = (): void => running.kill();
    hasten?.addEventListener('abort', kill, { once: true });
    try {
      await running.stop(hasten?.aborted === true ? 0 : this.#options.policy.graceMilliseconds);
    } finally {
      hasten?.removeEventListener('abort', kill);
    }
  }

  #start(): void {
    const startedAt = performance.now();
    const running = this.#supervised.start();
    this.#current = running;
    this.#starts += 1;
    void running.ready.then((message) => {
      if (this.#current === running) this.#becomeReady(message);
    });
    void running.ended.then((how) => {
      this.#current = undefined;
      if (this.#isStopped) return;
      const { calmMilliseconds } = this.#options.policy;
      if (this.#isReady) this.#lastReady = performance.now();
      else this.#failedStarts += 1;
      this.#isReady = false;
      this.#quickDeaths = performance.now() - startedAt < calmMilliseconds ? this.#quickDeaths + 1 : 1;
      this.#afterDeath(how);
    });
  }

  #becomeReady(message: Ready): void {
    this.#isReady = true;
    this.#failedStarts = 0;
    const { subject } = this.#supervised;
    this.#options.onEvent({ type: 'ready', subject, message, starts: this.#starts });
    this.#resolveReady(message);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #afterDeath(how: string): void {
    const { firstPauseMilliseconds, longestPauseMilliseconds } = this.#options.policy;
    if (this.#isHopeless()) {
      this.#giveUp(how);
      return;
    }
    const pauseMilliseconds = Math.min(firstPauseMilliseconds * 2 ** (this.#quickDeaths - 1), longestPauseMilliseconds);
    const { subject } = this.#supervised;
    this.#options.onEvent({ type: 'died', subject, how, failedStarts: this.#failedStarts, pauseMilliseconds });
    this.#pause = setTimeout(() => void this.#restart(), pauseMilliseconds);
  }

  #isHopeless(): boolean {
    const { failedStarts, failedFirstStarts, patienceMilliseconds } = this.#options.policy;
    if (this.#lastReady === undefined) return this.#failedStarts >= failedFirstStarts;
    return this.#failedStarts >= failedStarts && performance.now() - this.#lastReady >= patienceMilliseconds;
  }

  async #restart(): Promise<void> {
    await Promise.all(this.#options.needs.map((needed) => needed.whenReady()));
    if (!this.#isStopped) this.#start();
  }

  #giveUp(how: string): void {
    const error = this.#supervised.failure(how, this.#failedStarts);
    this.#isStopped = true;
    this.#rejectReady(error);
    this.#resolveGaveUp(error);
  }
}
