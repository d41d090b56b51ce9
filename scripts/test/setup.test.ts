import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../test/temporary-folder.ts';

const script = fileURLToPath(new URL('../setup.mjs', import.meta.url));

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** A clone as far as the script looks at it, whose programs note in `steps` that they ran. */
class Clone {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    mkdirSync(this.path('scripts'));
    cpSync(script, this.path('scripts', 'setup.mjs'));
    this.write('package.json', '{"name":"clone","version":"1.0.0"}');
    const lock = {
      name: 'clone',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': { name: 'clone', version: '1.0.0' } },
    };
    this.write('package-lock.json', JSON.stringify(lock));
    // What npm notes of an installation that fits the lock file.
    this.write('node_modules/.package-lock.json', JSON.stringify({ packages: {} }));
    this.write('prisma/schema.prisma', '// tables');
    this.write('node_modules/tsx/dist/loader.mjs', `import ${JSON.stringify(loader)};`);
    this.write('steps', '');
    this.program(
      'node_modules/prisma/build/index.js',
      'generate',
      "fs.mkdirSync('packages/store/src/generated', { recursive: true });",
    );
    const report =
      "fs.writeFileSync('native-file', 'native'); fs.writeFileSync(process.argv[3], JSON.stringify({ variant: process.argv[4] === '--gpu' ? 'gpu' : 'cpu', files: { [process.cwd() + '/native-file']: 6 } }));";
    this.program('scripts/setup-native.ts', 'native', report);
    this.write('apps/dashboard/index.html', '');
    this.write('apps/dashboard/vite.config.ts', '');
    this.write('apps/dashboard/src/main.tsx', '');
    this.program(
      'node_modules/vite/bin/vite.js',
      'page',
      "fs.mkdirSync('apps/dashboard/dist', { recursive: true }); fs.writeFileSync('apps/dashboard/dist/index.html', 'page');",
    );
    for (const name of ['sdk', 'contracts']) this.write(`packages/${name}/src/index.ts`, '');
    for (const name of ['cache-folder', 'downloads', 'local-services', 'native-tensorflow']) {
      this.write(`packages/${name}/src/index.ts`, '');
    }
  }

  path(...parts: string[]): string {
    return path.join(this.root, ...parts);
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** A program in the syntax that both module systems of Node read. */
  program(file: string, step: string, work: string): void {
    this.write(file, `import('node:fs').then((fs) => { fs.appendFileSync('steps', '${step} '); ${work} });`);
  }

  /** The steps that ran since the last look. */
  steps(): string[] {
    const steps = readFileSync(this.path('steps'), 'utf8').trim().split(' ').filter(Boolean).sort();
    this.write('steps', '');
    return steps;
  }

  run(...flags: string[]): Promise<Outcome> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [this.path('scripts', 'setup.mjs'), ...flags]);
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('close', (code) => resolve({ code, output }));
    });
  }
}

async function clone(): Promise<Clone> {
  return new Clone(await temporaryFolder());
}

describe('the set-up script', () => {
  it('does each step once and is silent when all is in place', async () => {
    const fresh = await clone();
    expect(await fresh.run()).toMatchObject({
      code: 0,
      output: expect.stringMatching(/Set-up: done in [\d.]+ s/) as unknown,
    });
    expect(fresh.steps()).toEqual(['generate', 'native', 'page']);
    expect(await fresh.run()).toEqual({ code: 0, output: '' });
    expect(fresh.steps()).toEqual([]);
  });

  it('generates the client with a schema engine that is there, so that Prisma downloads none', async () => {
    const fresh = await clone();
    const note = "fs.writeFileSync('engine', String(process.env.PRISMA_SCHEMA_ENGINE_BINARY));";
    fresh.program('node_modules/prisma/build/index.js', 'generate', note);
    expect(await fresh.run()).toMatchObject({ code: 0 });
    expect(existsSync(readFileSync(fresh.path('engine'), 'utf8'))).toBe(true);
  });

  it('repeats the step whose inputs changed or whose results are gone, and no other', async () => {
    const used = await clone();
    await used.run();
    used.steps();
    const cases: [() => void, string[]][] = [
      [() => used.write('prisma/schema.prisma', '// other tables'), ['generate']],
      [() => rmSync(used.path('packages/store/src/generated'), { recursive: true }), ['generate']],
      [() => used.write('packages/native-tensorflow/src/added.ts', ''), ['native']],
      [() => used.write('packages/downloads/src/index.ts', 'changed'), ['native']],
      [() => used.write('apps/dashboard/src/main.tsx', 'changed'), ['page']],
      [() => used.write('packages/sdk/src/index.ts', 'changed'), ['page']],
      [() => rmSync(used.path('apps/dashboard/dist/index.html')), ['page']],
      [() => rmSync(used.path('native-file')), ['native']],
      [() => used.write('native-file', 'other than it was'), ['native']],
    ];
    for (const [change, steps] of cases) {
      change();
      expect(await used.run()).toMatchObject({ code: 0 });
      expect(used.steps()).toEqual(steps);
      expect(await used.run()).toEqual({ code: 0, output: '' });
    }
  });

  it('installs the dependencies that the lock file names where they are not there', async () => {
    const bare = await clone();
    rmSync(bare.path('node_modules', '.package-lock.json'));
    const { output } = await bare.run();
    expect(output).toContain('Dependencies: installed in');
    // The lock file of this clone names none, so npm removed the stand-ins.
    expect(existsSync(bare.path('node_modules', 'prisma'))).toBe(false);
  });

  it('keeps the TensorFlow build that was chosen until another one is', async () => {
    const used = await clone();
    await used.run('--gpu');
    used.steps();
    expect(await used.run()).toEqual({ code: 0, output: '' });
    expect(await used.run('--gpu')).toEqual({ code: 0, output: '' });
    await used.run('--cpu');
    expect(used.steps()).toContain('native');
  });

  it('goes on without the page where that cannot be built, and tries it again', async () => {
    const used = await clone();
    used.program('node_modules/vite/bin/vite.js', 'page', "throw new Error('no such binding');");
    const { code, output } = await used.run();
    expect(code).toBe(0);
    expect(output).toContain('Page: not built, the service goes without.');
    expect(output).toContain('no such binding');
    used.steps();
    await used.run();
    expect(used.steps()).toEqual(['page']);
  });

  it('ends with the reason where a step fails, and tries that step again', async () => {
    const broken = await clone();
    const program = 'node_modules/prisma/build/index.js';
    const whole = readFileSync(broken.path(program), 'utf8');
    broken.write(program, "console.error('the schema has an error'); process.exitCode = 3;");
    const { code, output } = await broken.run();
    expect(code).toBe(1);
    expect(output).toContain(`the schema has an error\n${program} ended with exit code 3.`);
    expect(existsSync(broken.path('.data', 'setup.lock'))).toBe(false);
    broken.write(program, whole);
    expect(await broken.run()).toMatchObject({ code: 0 });
    expect(broken.steps()).toContain('generate');
  });

  it('refuses an argument that it does not know', async () => {
    const { code, output } = await (await clone()).run('--tpu');
    expect({ code, output }).toEqual({
      code: 1,
      output: 'Set-up: Unknown argument --tpu; there are --gpu and --cpu.\n',
    });
  });

  it('does every step once when several run at the same time', async () => {
    const fresh = await clone();
    const outcomes = await Promise.all([fresh.run(), fresh.run(), fresh.run()]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(fresh.steps()).toEqual(['generate', 'native', 'page']);
    expect(readdirSync(fresh.path('.data'))).toEqual([]);
  });

  it('waits for another one that lives, and takes over from one that is dead', async () => {
    const fresh = await clone();
    fresh.write('.data/setup.lock', String(process.pid));
    const waiting = fresh.run();
    await sleep(1_500);
    expect(fresh.steps()).toEqual([]);
    // No process has this id: it is above what any kernel gives out.
    fresh.write('.data/setup.lock', '99999999');
    expect(await waiting).toMatchObject({
      code: 0,
      output: expect.stringContaining('waiting for another one') as unknown,
    });
    expect(fresh.steps()).toEqual(['generate', 'native', 'page']);
  });
});
