import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { searchRequestSchema, type SearchState, type SearchView } from '@compound-search/contracts';
import { onTestFinished } from 'vitest';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly type: string | undefined;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
}

export interface ScriptedService {
  readonly baseUrl: string;
  readonly received: Received[];
  /** Stops listening, as a service that restarts does; `resume` listens on the same port again. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** An HTTP server on loopback whose answers the test decides; it ends with the test. */
export async function serve(
  answer: (received: Received, count: number) => Answer | Promise<Answer>,
): Promise<ScriptedService> {
  const received: Received[] = [];
  const create = (port: number): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((request, response) => {
        void (async () => {
          const entry = {
            method: request.method ?? '',
            url: request.url ?? '',
            type: request.headers['content-type'],
            body: await read(request),
            authorization: request.headers.authorization,
            idempotencyKey: request.headers['idempotency-key']?.toString(),
          };
          received.push(entry);
          const { status, body, type = 'application/json', headers } = await answer(entry, received.length);
          response.writeHead(status, { 'content-type': type, ...headers });
          response.end(typeof body === 'string' ? body : JSON.stringify(body));
        })();
      });
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
  let server = await create(0);
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => stop(server));
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    received,
    pause: () => stop(server),
    resume: async () => {
      server = await create(port);
    },
  };
}

const noTrials = { total: 0, queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0, paused: 0 };

/** A search as the service shows it. */
export function searchIn(state: SearchState, fraction = 0): SearchView {
  return {
    id: '7c0e8f4e-51a9-4a3f-9f7b-0e6a55b1f3f0',
    state,
    revision: 1,
    request: searchRequestSchema.parse({
      baseline: 'efficientnet-micro',
      dataset: 'mnist',
      grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] },
      strategy: 'full',
    }),
    priority: 0,
    points: 1,
    feasiblePoints: 1,
    candidates: 1,
    round: 1,
    stop: null,
    trials: { ...noTrials, total: 2 },
    testTrials: noTrials,
    takenOverTrials: 0,
    importedTrials: 0,
    extends: null,
    progress: { fraction, secondsLeft: null },
    notes: [],
    createdAt: '2025-01-01T00:00:00.000Z',
    endedAt: null,
  };
}

/** What a call fails with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) throw new Error(`Expected a failure, got ${JSON.stringify(outcome.value)}`);
  return outcome.error;
}
