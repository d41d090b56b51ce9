import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type { BenchmarkedService } from './processes.ts';
import { latencies } from './statistics.ts';
import { trivialSearch } from './trivial-searches.ts';

const CLIENTS = 200;
const STREAMS = 50;
const PAUSE_MILLISECONDS = 1000;

interface Tally {
  readonly milliseconds: number[];
  serverErrors: number;
  otherErrors: number;
}

/**
 * Clients that ask for a search and its leaderboard every second, as the page does, and readers of its events where the
 * service has such, for so many minutes of trials.
 *
 * @returns answers that were the service's fault
 */
export async function measureLoad(service: BenchmarkedService, minutes: number): Promise<number> {
  const { client, url, api, startWorkers } = service;
  const tally: Tally = { milliseconds: [], serverErrors: 0, otherErrors: 0 };
  const workers = await startWorkers();
  console.log(`RSS of the API at the begin ${residentMegabytes(api.pid, 'VmRSS')} MiB`);
  const end = new AbortController();
  let { id } = await client.createSearch(trivialSearch('load', 100, 20));
  const current = (): string => id;
  const streams = await openStreams(`${url}/v1/searches/${id}/events`, end.signal);
  const clients = Array.from({ length: CLIENTS }, () => poll(url, current, tally, end.signal));
  const deadline = performance.now() + minutes * 60_000;
  let trials = 0;
  while (performance.now() < deadline) {
    await sleep(500);
    const { state, trials: counts } = await client.getSearch(id);
    if (state === 'running') continue;
    trials += counts.completed;
    ({ id } = await client.createSearch(trivialSearch('load', 100, 20)));
  }
  trials += (await client.getSearch(id)).trials.completed;
  const lag = await eventLoopLag(url);
  end.abort();
  await Promise.all(clients);
  for (const worker of workers) await worker.stop();
  await client.cancel(id);
  const { milliseconds, serverErrors, otherErrors } = tally;
  console.log(`${minutes} min, ${CLIENTS} clients, ${streams} streams, ${trials} trials:`);
  console.log(
    `  ${milliseconds.length} answers, ${latencies(milliseconds)}, ${serverErrors} of 5xx, ${otherErrors} lost`,
  );
  console.log(`  event-loop lag of the API, p99 ${(lag * 1000).toFixed(0)} ms`);
  console.log(`  RSS of the API at the end ${residentMegabytes(api.pid, 'VmRSS')} MiB`);
  return serverErrors + otherErrors;
}

async function poll(url: string, current: () => string, tally: Tally, signal: AbortSignal): Promise<void> {
  const tags = new Map<string, string>();
  // Not all at the same moment.
  await pause(Math.random() * PAUSE_MILLISECONDS, signal);
  while (!signal.aborted) {
    const search = `${url}/v1/searches/${current()}`;
    for (const address of [search, `${search}/leaderboard?limit=20`]) await ask(address, tags, tally);
    await pause(PAUSE_MILLISECONDS, signal);
  }
}

async function ask(address: string, tags: Map<string, string>, tally: Tally): Promise<void> {
  const begun = performance.now();
  const tag = tags.get(address);
  try {
    const response = await fetch(address, { headers: tag === undefined ? {} : { 'if-none-match': tag } });
    await response.arrayBuffer();
    tally.milliseconds.push(performance.now() - begun);
    tags.set(address, response.headers.get('etag') ?? '');
    if (response.status >= 500) tally.serverErrors += 1;
  } catch {
    // A connection that was refused or cut is counted, whatever the reason.
    tally.otherErrors += 1;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** How many there are: none where the service has no such address. */
async function openStreams(address: string, signal: AbortSignal): Promise<number> {
  const first = await fetch(address, { signal });
  if (first.status === 404) return 0;
  void read(first);
  for (let index = 1; index < STREAMS; index += 1) void read(await fetch(address, { signal }));
  return STREAMS;
}

async function read({ status, body }: Response): Promise<void> {
  if (status !== 200 || body === null) throw new Error(`The events were answered with ${status}`);
  try {
    await body.pipeTo(new WritableStream());
  } catch {
    // It is cut at the end of the measurement.
  }
}

async function eventLoopLag(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/mu.exec(metrics)?.[1]);
}

/** Of a process, as Linux tells it: VmRSS now, VmHWM the most that it has had. */
export function residentMegabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'mu').exec(status)?.[1]) / 1024);
}
