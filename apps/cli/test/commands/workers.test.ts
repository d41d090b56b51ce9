import type { WorkerView } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { serve } from '../../../../packages/sdk/test/scripted-service.ts';
import { readEnvironment } from '../../src/env.ts';
import { exitCodes, runCommandLine } from '../../src/run-command-line.ts';
import { listenForShutdown } from '../../src/supervision/shutdown-signals.ts';
import { captureTerminal } from '../captured-terminal.ts';

const id = '4f9d2a60-1111-4222-8333-444455556666';

const worker: WorkerView = {
  id,
  host: 'node-7',
  pid: 4711,
  version: '1.2.3',
  processor: 'linux-x64 a processor',
  device: 'gpu',
  slots: 4,
  state: 'unfit',
  draining: false,
  unfit: 'Its tables are newer.',
  engine: null,
  trials: [
    { trialId: 't1', searchId: 's1', purpose: 'ranking', attempt: 1, step: 7, steps: 20 },
    { trialId: 't2', searchId: 's1', purpose: 'ranking', attempt: 1, step: 0, steps: null },
  ],
  startedAt: '2026-01-01T00:00:00.000Z',
  seenAt: '2026-01-01T01:00:00.000Z',
  silentSeconds: 64.7,
};

async function run(body: unknown, ...commandLine: string[]) {
  const service = await serve(() => ({ status: 200, body }));
  const { terminal, output } = captureTerminal();
  const context = { environment: readEnvironment({}), terminal, shutdownSignals: listenForShutdown };
  const code = await runCommandLine(['--url', service.baseUrl, ...commandLine], context);
  expect(code).toBe(exitCodes.done);
  return { output: output(), asked: service.received.map(({ method, url }) => `${method} ${url}`) };
}

describe('the command workers', () => {
  it('shows who is where, what each is doing, and why one takes nothing', async () => {
    const { output, asked } = await run([worker], 'workers');
    expect(asked).toEqual(['GET /v1/workers']);
    for (const part of [id, 'node-7', '4711', '1.2.3', 'gpu', 'unfit', '2/4', '1 min 05 s ago', 't1 35 %, t2']) {
      expect(output).toContain(part);
    }
    expect(output).toContain(`${id} is unfit: Its tables are newer.`);
    expect(JSON.parse((await run([worker], 'workers', '--json')).output)).toEqual([worker]);
  });

  it.each(['drain', 'resume'])('%s asks for it and shows the worker', async (verb) => {
    const { output, asked } = await run(worker, 'workers', verb, id);
    expect(asked).toEqual([`POST /v1/workers/${id}/${verb}`]);
    expect(output).toContain('node-7');
    expect(JSON.parse((await run(worker, 'workers', verb, id, '--json')).output)).toEqual(worker);
  });
});
