import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import {
  lastWordsLength,
  type TrainingCommand,
  type TrainingEvent,
  type TrainingMessage,
  trainingMessageSchema,
  type TrialFailure,
  type TrialSpecification,
} from '@compound-search/contracts';

import { failureOfDead } from './failure.ts';
import { countOomKills } from './oom-kills.ts';

/** The last event of a training. */
export type TrainingEnd = Extract<TrainingEvent, { type: 'completed' | 'paused' | 'failed' | 'cancelled' }>;

/** A training that runs in a child process. */
export interface RunningTraining {
  readonly pid: number | undefined;
  /**
   * Resolves once the child has exited, or has let go of all that the training held where it is kept for another; never
   * rejects. A child that died without a last event gives `TRIAL_LOST` or `TRIAL_OUT_OF_MEMORY`.
   */
  readonly ended: Promise<TrainingEnd>;
  /** The last that it has written to its standard output and error so far: 8192 characters at most. */
  readonly lastWords: string;
  /** Asks the child to stop between two steps. */
  cancel(): void;
  /** Ends the child at once. */
  kill(): void;
}

/** Where the program is that trains with TensorFlow. */
const trainingChild = new URL('./child.ts', import.meta.url);

export interface TrainingProcessOptions {
  /** What the process runs: it makes itself a training child by `serveTrainings`. @defaultValue TensorFlow's trainings */
  readonly program?: URL | undefined;
  /** Complete before TensorFlow loads; it holds for every training of the process. */
  readonly environment: NodeJS.ProcessEnv;
  /** Asked when a sound process is idle; one that is not kept ends. */
  readonly keep: (process: TrainingProcess) => boolean;
  /** Called once when the process has gone, whatever ended it. */
  readonly onGone: (process: TrainingProcess) => void;
}

/** What a shell exits with when its program was ended by SIGKILL. */
const killedExitCode = 128 + 9;

/** The training under way. */
interface Current {
  readonly onEvent: (event: TrainingEvent) => void;
  readonly resolve: (end: TrainingEnd) => void;
  /** When it began. */
  readonly oomKills: number | undefined;
  lastWords: string;
  end?: TrainingEnd;
}

/**
 * A child process that trains one trial after the other. Only after a trial that completed or paused undisturbed is it asked for
 * another: what a failed, cancelled or killed one leaves in TensorFlow or on the heap is anybody's guess.
 */
export class TrainingProcess {
  readonly #child: ChildProcess;
  readonly #options: TrainingProcessOptions;
  #current: Current | undefined;
  #isSound = true;
  /** By this process, and by somebody else. */
  #hasKilled = false;
  #wasKilled = false;
  #standardError = '';
  #trainings = 0;
  #residentBytes = 0;
  /** How the process died; set once. */
  #death: string | undefined;

  constructor(options: TrainingProcessOptions) {
    this.#options = options;
    this.#child = fork(fileURLToPath(options.program ?? trainingChild), {
      execArgv: ['--expose-gc', '--import', import.meta.resolve('tsx')],
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A model comes as bytes, which JSON would write as a list of numbers.
      serialization: 'advanced',
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.#note(chunk));
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      // The end of it explains a crash.
      this.#standardError = (this.#standardError + chunk).slice(-2000);
      this.#note(chunk);
    });
    this.#child.on('message', (message) => this.#take(message));
    this.#child.on('error', (error) => this.#settle(`could not be started: ${error.message}`));
    this.#child.on('close', (code, signal) => {
      this.#wasKilled = !this.#hasKilled && (signal === 'SIGKILL' || code === killedExitCode);
      this.#settle(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
    });
  }

  /** Trainings so far. */
  get trainings(): number {
    return this.#trainings;
  }

  /** Of the whole process after its last training. */
  get residentBytes(): number {
    return this.#residentBytes;
  }

  /** Starts a training; the one before must have ended. */
  train(specification: TrialSpecification, onEvent: (event: TrainingEvent) => void): RunningTraining {
    this.#standardError = '';
    this.#trainings += 1;
    const training = this.#trainings;
    // A late call must not hit the next training.
    const isUnderWay = (): boolean => this.#current !== undefined && this.#trainings === training;
    let resolve: Current['resolve'] = () => undefined;
    const ended = new Promise<TrainingEnd>((settle) => {
      resolve = settle;
    });
    const current: Current = { onEvent, resolve, oomKills: countOomKills(), lastWords: '' };
    this.#current = current;
    this.#send({ type: 'train', specification });
    // It may have died while it was idle, a moment ago.
    if (this.#death !== undefined) this.#settle(this.#death);
    return {
      pid: this.#child.pid,
      ended,
      get lastWords() {
        return current.lastWords;
      },
      cancel: () => {
        if (!isUnderWay()) return;
        this.#isSound = false;
        this.#send({ type: 'cancel' });
      },
      kill: () => {
        if (isUnderWay()) this.#kill();
      },
    };
  }

  /** Ends the process, which must be idle. */
  end(): void {
    // Not by disconnecting it here: Node 20 would then emit no 'close'.
    this.#send({ type: 'end' });
  }

  /** However much it writes, the end of it is all that is kept. */
  #note(output: string): void {
    if (this.#current !== undefined)
      this.#current.lastWords = (this.#current.lastWords + output).slice(-lastWordsLength);
  }

  #take(received: unknown): void {
    const message = trainingMessageSchema.safeParse(received);
    if (!message.success || this.#current === undefined) {
      this.#endCurrent(protocolFault(message.success ? 'it is idle' : message.error.message));
      this.#kill();
      return;
    }
    if (message.data.type === 'idle') {
      this.#residentBytes = message.data.residentBytes;
      this.#becomeIdle(this.#current);
      return;
    }
    if (isEnd(message.data)) this.#endCurrent(message.data);
    this.#current.onEvent(message.data);
  }

  /** The first end counts; any but a result or a pause makes the process unfit for another training. */
  #endCurrent(end: TrainingEnd): void {
    if (end.type !== 'completed' && end.type !== 'paused') this.#isSound = false;
    if (this.#current !== undefined) this.#current.end ??= end;
  }

  #becomeIdle(current: Current): void {
    if (!this.#isSound || current.end === undefined || !this.#options.keep(this)) {
      this.end();
      return;
    }
    this.#current = undefined;
    current.resolve(current.end);
  }

  #settle(what: string): void {
    const current = this.#current;
    this.#current = undefined;
    current?.resolve(current.end ?? { type: 'failed', failure: this.#failureOf(current, what) });
    if (this.#death !== undefined) return;
    this.#death = what;
    this.#options.onGone(this);
  }

  #failureOf({ oomKills }: Current, what: string): TrialFailure {
    const foundNoMemory = this.#wasKilled && oomKills !== undefined && (countOomKills() ?? 0) > oomKills;
    return failureOfDead({ what, standardError: this.#standardError.trim(), foundNoMemory });
  }

  #kill(): void {
    this.#isSound = false;
    this.#hasKilled = true;
    this.#child.kill('SIGKILL');
  }

  /** A child that has gone needs no command: its end is reported by its exit. */
  #send(command: TrainingCommand): void {
    if (this.#child.connected) this.#child.send(command, () => undefined);
  }
}

function isEnd(message: TrainingMessage): message is TrainingEnd {
  return ['completed', 'paused', 'failed', 'cancelled'].includes(message.type);
}

function protocolFault(detail: string): TrainingEnd {
  const message = `The training process sent a message that the protocol does not know: ${detail}`;
  return { type: 'failed', failure: { code: 'INTERNAL', message, step: null } };
}
