import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { readEnvironment } from '../src/env.ts';

/** A run of the command as a process of its own. */
export interface CommandRun {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly output: () => string;
  readonly messages: () => string;
  /** Resolves with the exit code, or with the signal's name. */
  readonly ended: Promise<number | string>;
}

const program = fileURLToPath(new URL('../bin/compound-search.mjs', import.meta.url));
// What the shell of whoever runs the tests says must not decide on their outcome.
const own = ['DATABASE_URL', 'REDIS_URL', 'HOST', 'PORT', 'COMPOUND_SEARCH_URL', 'COMPOUND_SEARCH_DATA'];
const clean = Object.fromEntries(Object.entries(readEnvironment().inherited).filter(([name]) => !own.includes(name)));

/**
 * Starts the command in a process group of its own, as a terminal does.
 * @param launcher - a command line that becomes the one behind it, as `nice` does.
 */
export function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  launcher: readonly string[] = [],
): CommandRun {
  const [first = process.execPath, ...rest] = [...launcher, process.execPath, program, ...args];
  const child = spawn(first, rest, {
    env: { ...clean, ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) throw new Error('The command cannot be started.');
  return {
    child,
    pid: child.pid,
    output: collect(child.stdout),
    messages: collect(child.stderr),
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))),
  };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** What a finished command came to. */
export interface CommandResult {
  readonly code: number | string;
  readonly output: string;
  readonly messages: string;
}

/** Runs the command to its end. */
export async function commandResult(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const run = runCommand(args, environment);
  const code = await run.ended;
  return { code, output: run.output(), messages: run.messages() };
}
