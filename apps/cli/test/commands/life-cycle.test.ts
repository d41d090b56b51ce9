import { describe, expect, it } from 'vitest';

import { serve } from '../../../../packages/sdk/test/scripted-service.ts';
import { readEnvironment } from '../../src/env.ts';
import { exitCodes, runCommandLine } from '../../src/run-command-line.ts';
import { listenForShutdown } from '../../src/supervision/shutdown-signals.ts';
import { captureTerminal } from '../captured-terminal.ts';
import { search } from '../samples.ts';

/** Runs a command against a service that answers every request with the same. */
async function run(answer: { readonly status: number; readonly body: unknown }, ...commandLine: string[]) {
  const service = await serve(() => answer);
  const { terminal, output, messages } = captureTerminal();
  const context = { environment: readEnvironment({}), terminal, shutdownSignals: listenForShutdown };
  const code = await runCommandLine(['--url', service.baseUrl, ...commandLine], context);
  const asked = service.received.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());
  return { code, output: output(), messages: messages(), asked };
}

describe('the command priority', () => {
  it('changes whose trials start first, a negative number too, and says what stands now', async () => {
    const answer = { status: 200, body: search({ priority: -5 }) };
    const { code, output, asked } = await run(answer, 'priority', 's1', '-5');
    expect(code).toBe(exitCodes.done);
    expect(asked).toEqual(['PATCH /v1/searches/s1 {"priority":-5}']);
    expect(output).toBe('Search s1 has priority -5.\n');
  });

  it('refuses what is no priority before it asks', async () => {
    const { code, messages, asked } = await run({ status: 200, body: {} }, 'priority', 's1', '101');
    expect(code).toBe(exitCodes.usage);
    expect(messages).toContain('Give a whole number from -100 to 100.');
    expect(asked).toEqual([]);
  });
});
