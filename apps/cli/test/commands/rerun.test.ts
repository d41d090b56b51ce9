import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Epoch, TrialComparison, TrialDetail } from '@compound-search/contracts';
import { describe, expect, it, onTestFinished } from 'vitest';

import { readEnvironment } from '../../src/env.ts';
import { exitCodes, runCommandLine } from '../../src/run-command-line.ts';
import { listenForShutdown } from '../../src/supervision/shutdown-signals.ts';
import { captureTerminal } from '../captured-terminal.ts';
import { comparison, trial } from '../samples.ts';

const epoch: Epoch = {
  epoch: 1,
  step: 10,
  learningRate: 0.008,
  trainLoss: 2,
  trainAccuracy: 0.5,
  validationLoss: 2.5,
  validationAccuracy: 0.25,
  seconds: 1,
};

/** Runs `rerun t1` against a service on which the rerun ends like this. */
async function rerun(ended: Partial<TrialDetail>, verdict: Partial<TrialComparison> = {}, ...flags: string[]) {
  const repeated = { id: 't2', purpose: 'rerun', rerunOf: 't1' } as const;
  const answers: Readonly<Record<string, unknown>> = {
    'POST /v1/trials/t1/reruns': trial({ ...repeated, state: 'queued' }),
    'GET /v1/trials/t2': trial({ ...repeated, ...ended }),
    'GET /v1/trials/t2/comparison': comparison(verdict),
  };
  const server = createServer((request, response) => {
    const answer = answers[`${request.method ?? ''} ${request.url ?? ''}`];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { terminal, output, messages } = captureTerminal();
  const context = { environment: readEnvironment({}), terminal, shutdownSignals: listenForShutdown };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const code = await runCommandLine(['--url', url, 'rerun', 't1', ...flags], context);
  return { code, output: output(), messages: messages() };
}

describe('the command rerun', () => {
  it('ends well where all is equal', async () => {
    const { code, output } = await rerun({});
    expect(code).toBe(exitCodes.done);
    expect(output).toBe('Equal to the bit: every epoch, and the weights cccc.\n');
  });

  it('ends with a code of its own where the rerun differs, after it has shown how', async () => {
    const firstDifference = { epoch: 1, recorded: epoch, rerun: { ...epoch, trainLoss: 3 } };
    const { code, output, messages } = await rerun({}, { equal: false, firstDifference });
    expect(code).toBe(3);
    expect(output).toMatch(/^Different from epoch 1 on:\n/);
    expect(messages).toMatch(/Trial t1 has not repeated\.\n$/);
  });

  it('prints the comparison alone as JSON', async () => {
    const { code, output } = await rerun({}, { equal: false }, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(output)).toEqual(comparison({ equal: false }));
  });

  it('fails with the reason of a rerun that failed or was cancelled', async () => {
    const failure = { code: 'DATASET_INVALID', message: 'A file is gone', step: null } as const;
    const failed = await rerun({ state: 'failed', failure });
    expect(failed.code).toBe(exitCodes.failed);
    expect(failed.messages).toMatch(/error DATASET_INVALID: Trial t2 failed: A file is gone\.\n$/);
    const cancelled = await rerun({ state: 'cancelled' });
    expect(cancelled).toMatchObject({ code: exitCodes.failed, output: '' });
    expect(cancelled.messages).toMatch(/error TRIAL_CANCELLED: /);
  });
});
