import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readEnvironment } from '../../src/env.ts';
import { typescriptLoader } from '../../src/service/repository.ts';
import { type SupervisedProgram, supervisedProgram } from '../../src/supervision/supervised-program.ts';
import {
  defaultRestartPolicy,
  type RestartPolicy,
  type SupervisionEvent,
  Supervisor,
  type SupervisorOptions,
} from '../../src/supervision/supervisor.ts';
import { isRunning, until } from '../processes.ts';

type Behaviour = 'steady' | 'slow' | 'hopeless' | 'flaky' | 'relapsing' | 'stubborn' | 'parent';

const quick: RestartPolicy = { ...defaultRestartPolicy, firstPauseMilliseconds: 20, longestPauseMilliseconds: 50 };
let folder = '';
let supervisors: Supervisor<unknown>[] = [];

function diaryFile(): string {
  return path.join(folder, 'diary');
}
function diary(): string[] {
  return readFileSync(diaryFile(), 'utf8').split('\n').slice(0, -1);
}
function pidsOf(name: string): number[] {
  return diary().flatMap((line) => (line.startsWith(`${name} started `) ? [Number(line.split(' ')[2])] : []));
}

/** The process id of the one run of a program. */
function onlyPidOf(name: string): number {
  const [pid, ...others] = pidsOf(name);
  if (pid === undefined || others.length > 0) throw new Error(`${name} has not run once: ${diary().join(', ')}`);
  return pid;
}

function program(behaviour: Behaviour, name = 'program'): SupervisedProgram {
  return {
    name,
    entry: fileURLToPath(new URL('../programs/program.mjs', import.meta.url)),
    nodeArguments: [],
    environment: () => ({ BEHAVIOUR: behaviour, DIARY: diaryFile(), NAME: name }),
    workingFolder: folder,
    logFile: path.join(folder, 'logs', `${name}.log`),
    isReady: (message) =>
      typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready',
  };
}

function supervise(
  supervised: SupervisedProgram,
  policy = quick,
  needs: SupervisorOptions['needs'] = [],
): { supervisor: Supervisor<unknown>; events: SupervisionEvent[] } {
  const events: SupervisionEvent[] = [];
  const supervisor = new Supervisor(supervisedProgram(supervised), {
    onEvent: (event) => events.push(event),
    policy,
    needs,
  });
  supervisors.push(supervisor);
  return { supervisor, events };
}

function pidOf(supervisor: Supervisor<unknown>): number {
  if (supervisor.pid === undefined) throw new Error('It does not run.');
  return supervisor.pid;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'supervisor-'));
  writeFileSync(diaryFile(), '');
});
afterEach(async () => {
  await Promise.all(supervisors.map((supervisor) => supervisor.stop(AbortSignal.abort())));
  supervisors = [];
  rmSync(folder, { recursive: true });
});

describe('a supervised program', () => {
  it('is ready when it says so, and ends in order when it is stopped', async () => {
    const { supervisor, events } = supervise(program('steady'));
    await supervisor.ready;
    const pid = pidOf(supervisor);
    await supervisor.stop();
    expect(isRunning(pid)).toBe(false);
    expect(diary()).toEqual([`program started ${pid}`, 'program ended']);
    expect(events.map(({ type }) => type)).toEqual(['ready']);
  });

  it('is in a process group of its own, so that a Ctrl-C of the terminal does not reach it', async () => {
    const { supervisor } = supervise(program('steady'));
    await supervisor.ready;
    const pid = pidOf(supervisor);
    // Signalling the group of that id works only where the program leads it.
    expect(process.kill(-pid, 0)).toBe(true);
  });

  it('is started again when it dies, every time', async () => {
    const { supervisor, events } = supervise(program('steady'));
    await supervisor.ready;
    for (let deaths = 1; deaths <= 7; deaths += 1) {
      process.kill(pidOf(supervisor), 'SIGKILL');
      await until('it is back', () => events.filter(({ type }) => type === 'ready').length === deaths + 1);
    }
    expect(new Set(pidsOf('program')).size).toBe(8);
    expect(events.filter(({ type }) => type === 'died')).toHaveLength(7);
    expect(events.find(({ type }) => type === 'died')).toMatchObject({ how: 'signal SIGKILL' });
  });

  it('is asked for its environment at every start', async () => {
    let port = 0;
    const supervised = {
      ...program('steady'),
      environment: () => ({ ...program('steady').environment(), PORT: String(port) }),
    };
    const { supervisor, events } = supervise(supervised);
    expect(await supervisor.ready).toEqual({ type: 'ready', port: '0' });
    port = 4711;
    process.kill(pidOf(supervisor), 'SIGKILL');
    await until('it is back', () => events.filter(({ type }) => type === 'ready').length === 2);
    expect(events.at(-1)).toMatchObject({ message: { type: 'ready', port: '4711' }, starts: 2 });
  });

  it('is waited for longer after every death, up to a limit', async () => {
    const { supervisor, events } = supervise(program('hopeless'), { ...quick, failedStarts: 5 });
    await supervisor.gaveUp;
    const pauses = events.map((event) => (event.type === 'died' ? event.pauseMilliseconds : NaN));
    expect(pauses).toEqual([20, 40, 50, 50]);
    expect(events.map((event) => (event.type === 'died' ? event.failedStarts : NaN))).toEqual([1, 2, 3, 4]);
  });

  it('gets through when its first starts fail', async () => {
    const { supervisor, events } = supervise(program('flaky'));
    await supervisor.ready;
    expect(events.map(({ type }) => type)).toEqual(['died', 'died', 'ready']);
  });

  it('is given up after five starts that fail, with its own last error', async () => {
    const { supervisor } = supervise(program('hopeless'));
    const error = await supervisor.gaveUp;
    expect(error).toMatchObject({ code: 'SERVICE_START_FAILED', field: 'program' });
    expect(error.message).toBe(
      'The program cannot be started: 5 starts in a row failed, the last with exit code 3: cannot start: no database',
    );
    expect(error.remedy).toContain(path.join(folder, 'logs', 'program.log'));
    await expect(supervisor.ready).rejects.toBe(error);
    await sleep(200);
    expect(pidsOf('program')).toHaveLength(5);
  });

  it('is given up after fewer starts where it was never ready at all', async () => {
    const { supervisor } = supervise(program('hopeless'), { ...quick, failedFirstStarts: 1 });
    await supervisor.gaveUp;
    expect(pidsOf('program')).toHaveLength(1);
  });

  it('is given up after five starts that fail since it was ready, and where there is patience only later', async () => {
    const hasty = supervise(program('relapsing', 'hasty'));
    const patient = supervise(program('relapsing', 'patient'), { ...quick, patienceMilliseconds: 3_600_000 });
    for (const { supervisor } of [hasty, patient]) {
      await supervisor.ready;
      process.kill(pidOf(supervisor), 'SIGKILL');
    }
    await hasty.supervisor.gaveUp;
    expect(pidsOf('hasty')).toHaveLength(1 + 5);
    await until('it is back', () => patient.events.filter(({ type }) => type === 'ready').length === 2);
    expect(pidsOf('patient')).toHaveLength(1 + 6 + 1);
  });

  it('is started again once what it cannot start without is ready', async () => {
    const needed = supervise(program('steady', 'needed'), { ...quick, firstPauseMilliseconds: 300 });
    const needing = supervise(program('steady', 'needing'), quick, [needed.supervisor]);
    await Promise.all([needed.supervisor.ready, needing.supervisor.ready]);
    process.kill(pidOf(needed.supervisor), 'SIGKILL');
    await until('the needed one has died', () => needed.events.length === 2);
    process.kill(pidOf(needing.supervisor), 'SIGKILL');
    await until('both are back', () => needing.events.filter(({ type }) => type === 'ready').length === 2);
    const started = diary().filter((line) => line.includes('started'));
    expect(started.map((line) => line.split(' ')[0]).slice(-2)).toEqual(['needed', 'needing']);
  });

  it('is given up where there is nothing to run', async () => {
    const { supervisor } = supervise({ ...program('steady'), entry: path.join(folder, 'absent.mjs') });
    expect((await supervisor.gaveUp).message).toContain('absent.mjs');
  });
});

describe('stopping a supervised program', () => {
  it('ends it by force where it does not end within the grace', async () => {
    const { supervisor } = supervise(program('stubborn'), { ...quick, graceMilliseconds: 300 });
    await supervisor.ready;
    const pid = pidOf(supervisor);
    await supervisor.stop();
    expect(isRunning(pid)).toBe(false);
    expect(diary()).toContain('program refused to end');
  });

  it('ends it at once where the stop is hastened', async () => {
    const { supervisor } = supervise(program('stubborn'), { ...quick, graceMilliseconds: 3_600_000 });
    await supervisor.ready;
    const pid = pidOf(supervisor);
    const hasten = new AbortController();
    const stopped = supervisor.stop(hasten.signal);
    await until('it refused', () => diary().includes('program refused to end'));
    hasten.abort();
    await stopped;
    expect(isRunning(pid)).toBe(false);
  });

  it('ends what it started as well', async () => {
    const { supervisor } = supervise(program('parent'));
    await supervisor.ready;
    const child = onlyPidOf('child');
    await supervisor.stop();
    await until('the child is gone', () => !isRunning(child), 5);
  });

  it('ends what it started also when it is killed, before it is started again', async () => {
    const { supervisor, events } = supervise(program('parent'));
    await supervisor.ready;
    const firstChild = onlyPidOf('child');
    expect(isRunning(firstChild)).toBe(true);
    process.kill(pidOf(supervisor), 'SIGKILL');
    await until('it is back', () => events.filter(({ type }) => type === 'ready').length === 2);
    expect(isRunning(firstChild)).toBe(false);
  });

  it('works while it starts, and says that it was never ready', async () => {
    const { supervisor } = supervise(program('slow'));
    await until('it runs', () => pidsOf('program').length === 1);
    await supervisor.stop();
    expect(diary()).toContain('program ended');
    await expect(supervisor.ready).rejects.toMatchObject({ code: 'SERVICE_START_FAILED' });
  });

  it('works between a death and the next start, which never comes', async () => {
    const { supervisor, events } = supervise(program('steady'), { ...quick, firstPauseMilliseconds: 300 });
    await supervisor.ready;
    process.kill(pidOf(supervisor), 'SIGKILL');
    await until('it has died', () => events.some(({ type }) => type === 'died'));
    await supervisor.stop();
    await sleep(500);
    expect(pidsOf('program')).toHaveLength(1);
  });
});

describe('a program whose supervisor is killed', () => {
  it('learns of it and can end by itself', async () => {
    const supervising = fork(fileURLToPath(new URL('../programs/supervise.ts', import.meta.url)), [], {
      execArgv: ['--import', typescriptLoader()],
      env: { ...readEnvironment().inherited, DIARY: diaryFile(), FOLDER: folder },
    });
    await once(supervising, 'message');
    const pid = onlyPidOf('program');
    supervising.kill('SIGKILL');
    await until('the program has ended', () => diary().includes('program orphaned'));
    await until('no process is left', () => !isRunning(pid));
  });
});
