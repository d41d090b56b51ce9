import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

import { descendantsOf, isRunning, until } from '../../apps/cli/test/processes.ts';
import { redisCommand } from '../redis-command.ts';
import type { Disturbance, DisturbanceKind } from './plan.ts';
import type { ChaosService, Part } from './service.ts';

/** How long a part may take to be there, so that it can be disturbed: others may have been the first. */
const PATIENCE_SECONDS = 60;

/** Disturbs the service; resolves when what lasts for a time is over. */
type Disturb = (service: ChaosService, disturbance: Disturbance) => Promise<void>;

export const disturb: Readonly<Record<DisturbanceKind, Disturb>> = {
  'kill api': ({ api }) => kill(api),
  'kill worker': (service, { worker }) => kill(workerOf(service, worker)),
  'kill training': async ({ workers }, { worker }) => {
    // Of that worker where it trains just then, else of another one.
    const inTurn = [...workers.slice(worker), ...workers.slice(0, worker)];
    let trainings: readonly number[] = [];
    const isTraining = (): boolean => (trainings = inTurn.flatMap(({ part }) => trainingsOf(part))).length > 0;
    await until('a worker trains', isTraining, PATIENCE_SECONDS);
    trainings.slice(0, 1).forEach((pid) => signal(pid, 'SIGKILL'));
  },
  'kill postgres': ({ postgres }) => kill(postgres),
  'kill valkey': ({ valkey }) => kill(valkey),
  'flush valkey': ({ redisUrl }) => untilDone(() => redisCommand(redisUrl, 'FLUSHALL')),
  'cut postgres': ({ databaseUrl }) => untilDone(() => endSessions(databaseUrl)),
  'cut valkey': ({ redisUrl }) => untilDone(() => redisCommand(redisUrl, 'CLIENT KILL TYPE normal')),
  'stop worker': stopWorker,
  'fill disk': fillDisk,
  'set clock': ({ workers }, { worker, hours }) => Promise.resolve(workers[worker]?.setClock(hours)),
};

function workerOf({ workers }: ChaosService, index: number): Part {
  const worker = workers[index];
  if (worker === undefined) throw new Error(`There is no worker ${index}`);
  return worker.part;
}

/** Waits for a process that is just being started again. */
async function pidOf(part: Part): Promise<number> {
  let pid: number | undefined;
  await until('the part runs', () => (pid = part.pid) !== undefined, PATIENCE_SECONDS);
  return pid ?? 0;
}

async function kill(part: Part): Promise<void> {
  signal(await pidOf(part), 'SIGKILL');
}

/** What has just ended by itself needs no signal. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function trainingsOf({ pid }: Part): number[] {
  if (pid === undefined || !isRunning(pid)) return [];
  const children = descendantsOf(pid).map(String);
  const table = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return table
    .map((line) => line.trim())
    .filter((line) => children.includes(line.split(' ', 1)[0] ?? '') && line.includes('stand-in-child'))
    .map((line) => Number(line.split(' ', 1)[0]));
}

/** Repeats what a server that is down cannot do yet. */
async function untilDone(command: () => Promise<unknown>): Promise<void> {
  const isDone = (): Promise<boolean> =>
    command().then(
      () => true,
      () => false,
    );
  await until('the server takes the command', isDone, PATIENCE_SECONDS);
}

async function endSessions(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  // A server that is killed meanwhile is reported by the query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
  } finally {
    await client.end();
  }
}

/** Beyond its lease. Its trainings go on, and what they report waits for it. */
async function stopWorker(service: ChaosService, { worker, seconds }: Disturbance): Promise<void> {
  const pid = await pidOf(workerOf(service, worker));
  signal(pid, 'SIGSTOP');
  await sleep(seconds * 1000);
  signal(pid, 'SIGCONT');
}

/** Every write to a file fails in a worker and its trainings, as on a full disk of theirs. */
async function fillDisk(service: ChaosService, { worker, seconds }: Disturbance): Promise<void> {
  const pid = await pidOf(workerOf(service, worker));
  limitFiles(pid, '0');
  await sleep((seconds * 1000) / 4);
  limitFiles(pid, 'unlimited');
}

function limitFiles(worker: number, bytes: '0' | 'unlimited'): void {
  if (!isRunning(worker)) return;
  for (const pid of [worker, ...descendantsOf(worker)]) {
    try {
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], { stdio: 'ignore' });
    } catch (error) {
      if (isRunning(pid)) throw error;
    }
  }
}
