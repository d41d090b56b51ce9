import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The command line of the product. */
export const commandLineProgram = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));

/** A whole service, started as a user starts it. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** Ends it as Ctrl-C does, and waits. */
  readonly stop: () => Promise<void>;
}

/**
 * `compound-search serve` on a folder and any free port, with as many slots as there are cores unless it is told otherwise.
 *
 * @throws Error with what it said where it does not start.
 */
export async function startService(dataFolder: string, slots?: number): Promise<ServiceProcess> {
  const limits = slots === undefined ? [] : ['--slots', String(slots)];
  const args = ['--import', 'tsx', commandLineProgram, 'serve', '--port', '0', '--data', dataFolder, ...limits];
  const service = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await listeningUrl(service);
  return {
    url,
    pid: service.pid ?? 0,
    stop: async () => {
      if (service.exitCode !== null) return;
      const ended = once(service, 'exit');
      service.kill('SIGTERM');
      await ended;
    },
  };
}

async function listeningUrl(service: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let output = '';
  service.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  for (;;) {
    const found = /listens at (\S+)/u.exec(output)?.[1];
    if (found !== undefined) return found;
    if (service.exitCode !== null) throw new Error(`The service did not start: ${output}`);
    await sleep(100);
  }
}
