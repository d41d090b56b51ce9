import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { descendantsOf, isRunning, until } from '../../apps/cli/test/processes.ts';
import { redisCommand } from '../redis-command.ts';
import type { Disturbance, DisturbanceKind } from './plan.ts';
import { query } from './query.ts';
import type { ChaosService, Part } from './service.ts';

/** How long a part may take to be there, so that it can be disturbed: others may have been the first. */
const PATIENCE_SECONDS = 60;

/** Disturbs the service; resolves when what lasts for a time is over. */
type Disturb = (service: ChaosService, disturbance: Disturbance) => Promise<void>;

export const disturb: Readonly<Record<DisturbanceKind, Disturb>> = {
  'kill api': ({ api }) => kill(api),
  'kill worker': (service, { worker }) => kill(workerOf(service, worker)),
  'kill training': async (service, { worker }) => {
    const pid = await trainingWorker(service, worker);
    // It may have ended meanwhile, as a trial that is taken over ends.
    const [training] = pid === undefined ? [] : trainingsOf(pid);
    if (training !== undefined) signal(training, 'SIGKILL');
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

/**
 * The process id of a worker that holds a trial: of the one that is meant where it does, else of the next. None where the
 * search has ended before: a busy machine tells of its trainings late.
 */
async function trainingWorker({ workers, databaseUrl }: ChaosService, index: number): Promise<number | undefined> {
  const inTurn = [...workers.slice(index), ...workers.slice(0, index)];
  let pid: number | undefined;
  await untilDone(async () => {
    const { rows: ended } = await query(databaseUrl, 'SELECT FROM search WHERE ended_at IS NOT NULL');
    if (ended.length > 0) return;
    const { rows } = await query(databaseUrl, "SELECT worker_id FROM trial WHERE state = 'running'");
    const holders = rows.map(({ worker_id: holder }) => String(holder));
    pid = inTurn.map(({ part }) => part.pid).find((one) => holders.some((holder) => holder.includes(`-${one}-`)));
    if (pid === undefined) throw new Error('No worker holds a trial');
  });
  return pid;
}

function trainingsOf(worker: number): number[] {
  if (!isRunning(worker)) return [];
  return descendantsOf(worker).filter((pid) => commandOf(pid).includes('stand-in-child'));
}

function commandOf(pid: number): string {
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
}

/** Repeats what a server that is down cannot do yet. */
async function untilDone(command: () => Promise<unknown>): Promise<void> {
  const isDone = (): Promise<boolean> =>
    command().then(
      () => true,
      () => false,
    );
  await until('the server does it', isDone, PATIENCE_SECONDS);
}

/** Of the service and of everybody else but this one. */
async function endSessions(databaseUrl: string): Promise<void> {
  await query(
    databaseUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
}

/** Beyond its lease. Its training goes on, and what that reports waits for it. */
async function stopWorker(service: ChaosService, { worker, seconds }: Disturbance): Promise<void> {
  const pid = await trainingWorker(service, worker);
  if (pid === undefined) return;
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
