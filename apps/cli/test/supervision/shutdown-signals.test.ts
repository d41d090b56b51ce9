import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { aborted, listenForShutdown, type ShutdownSignals } from '../../src/supervision/shutdown-signals.ts';

let signals: ShutdownSignals;

beforeEach(() => {
  signals = listenForShutdown();
});
afterEach(() => signals.dispose());

describe('the signals that end a long command', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('include %s', async (name) => {
    process.kill(process.pid, name);
    await aborted(signals.stop);
    expect(signals.stop.reason).toBe(name);
    expect(signals.hasten.aborted).toBe(false);
  });

  it('hasten the end where a person sends a second one', async () => {
    process.kill(process.pid, 'SIGINT');
    await aborted(signals.stop);
    await sleep(350);
    process.kill(process.pid, 'SIGINT');
    await aborted(signals.hasten);
    expect(signals.hasten.reason).toBe('SIGINT');
  });

  it('do not hasten it where one Ctrl-C arrives twice', async () => {
    process.emit('SIGINT');
    process.emit('SIGINT');
    await sleep(50);
    expect([signals.stop.aborted, signals.hasten.aborted]).toEqual([true, false]);
  });

  it('have their usual effect again afterwards', () => {
    const listeners = process.listenerCount('SIGHUP');
    signals.dispose();
    expect(process.listenerCount('SIGHUP')).toBe(listeners - 1);
  });
});
