import { CompoundSearchError } from '@compound-search/contracts';
import { describe, expect, it, vi } from 'vitest';

import { retryWhileUnavailable } from '../src/retry-while-unavailable.ts';

const away = new CompoundSearchError('DEPENDENCY_UNAVAILABLE', 'PostgreSQL does not answer');
const never = new AbortController().signal;

/** Fails so many times, then succeeds; notes its calls and the pauses between them in milliseconds. */
function failing(times: number, error: Error) {
  const pauses: number[] = [];
  const operation = vi.fn(() => {
    return operation.mock.calls.length <= times ? Promise.reject(error) : Promise.resolve('done');
  });
  const wait = (milliseconds: number): Promise<void> => Promise.resolve(void pauses.push(milliseconds));
  return { operation, pauses, wait };
}

describe('retryWhileUnavailable', () => {
  it('repeats what a service that is away did not answer, after pauses that grow up to 5 seconds', async () => {
    const { operation, pauses, wait } = failing(40, away);
    const onWait = vi.fn();
    expect(await retryWhileUnavailable(operation, never, { onWait, wait })).toBe('done');
    expect(onWait.mock.calls).toEqual([[away]]);
    expect(pauses).toHaveLength(40);
    pauses.forEach((pause, index) => {
      const longest = Math.min(5000, 250 * 2 ** index);
      expect(pause).toBeGreaterThanOrEqual(longest / 2);
      expect(pause).toBeLessThanOrEqual(longest);
    });
  });

  it('gives up a statement that a service which answers did not execute in its time, after 10 tries', async () => {
    const slow = new CompoundSearchError('DEPENDENCY_SLOW', 'The statement took too long');
    const { operation, wait } = failing(Infinity, slow);
    await expect(retryWhileUnavailable(operation, never, { wait })).rejects.toBe(slow);
    expect(operation).toHaveBeenCalledTimes(10);
  });

  it.each([
    ['an error that no repetition mends', new CompoundSearchError('INTERNAL', 'a bug')],
    ['an error without a code', new Error('a bug')],
  ])('does not repeat after %s', async (_, error) => {
    const { operation, wait } = failing(Infinity, error);
    await expect(retryWhileUnavailable(operation, never, { wait })).rejects.toBe(error);
    expect(operation).toHaveBeenCalledTimes(1);
  });

  it('tries once more and no longer when the worker shuts down in the middle of a pause', async () => {
    const stop = new AbortController();
    const { operation } = failing(Infinity, away);
    const onWait = (): void => void setImmediate(() => stop.abort());
    await expect(retryWhileUnavailable(operation, stop.signal, { onWait })).rejects.toBe(away);
    expect(operation).toHaveBeenCalledTimes(2);
  });
});
