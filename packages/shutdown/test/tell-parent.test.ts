import { fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect, it, onTestFinished } from 'vitest';

it('tells a parent that has just gone nothing, and goes on', async () => {
  const child = fork(fileURLToPath(new URL('telling-program.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = child.stdout === null ? Promise.resolve('') : text(child.stdout);
  expect(await once(child, 'message')).toEqual(['ready', undefined]);
  child.send('tell me');
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await output).toBe('connected\n');
});
