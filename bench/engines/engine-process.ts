import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { type Command, type Ran, ranSchema, type Ready, readySchema } from './protocol.ts';

/** How an engine's process is started. */
export interface Launch {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** A process that has set an engine up on a job and waits for commands. */
export class EngineProcess {
  readonly ready: Ready;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #complaints: () => string;

  private constructor(ready: Ready, { child, lines, complaints }: Pipes) {
    this.ready = ready;
    this.#child = child;
    this.#lines = lines;
    this.#complaints = complaints;
  }

  /** Starts a process and waits until it is warm. */
  static async start(launch: Launch): Promise<EngineProcess> {
    const child = spawn(launch.command, launch.arguments, { env: launch.environment });
    // A process that cannot be started, or has died, ends its output: that is where it is noticed.
    let failure = '';
    child.on('error', (error) => (failure = error.message));
    child.stdin.on('error', () => undefined);
    let tail = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (tail = (tail + chunk).slice(-2000)));
    const pipes = {
      child,
      lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
      complaints: () => `${failure}${tail}`.trim(),
    };
    return new EngineProcess(readySchema.parse(await nextMessage(pipes)), pipes);
  }

  async train(steps: number): Promise<Ran> {
    const command: Command = { steps };
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    return ranSchema.parse(await nextMessage({ child: this.#child, lines: this.#lines, complaints: this.#complaints }));
  }

  /** Ends the process: it leaves once its input is closed. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.stdin.end();
    await exited;
  }
}

interface Pipes {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: AsyncIterator<string>;
  readonly complaints: () => string;
}

async function nextMessage({ child, lines, complaints }: Pipes): Promise<unknown> {
  const line = await lines.next();
  if (line.done !== true) return JSON.parse(line.value);
  const [code, signal] = await exitOf(child);
  // The kernel kills a process for which there is no memory.
  throw new Error(`${child.spawnfile} ended without an answer (${signal ?? `code ${code}`}): ${complaints()}`);
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<[number | null, NodeJS.Signals | null]> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return [child.exitCode, child.signalCode];
}
