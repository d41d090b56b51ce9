import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { readEnvironment } from '../src/env.ts';
import { runCommandLine } from '../src/run-command-line.ts';
import { repositoryRoot } from '../src/service/repository.ts';
import { listenForShutdown } from '../src/supervision/shutdown-signals.ts';
import { captureTerminal } from './captured-terminal.ts';

function read(file: string): string {
  return readFileSync(path.join(repositoryRoot, file), 'utf8');
}
const readme = read('README.md');
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));

/** First cells of the rows of the table whose first heading is this. */
function firstCells(heading: string): string[] {
  const lines = readme.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} `));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((line) => line.split('|')[1]?.trim() ?? '');
}

function names(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
}

/** The variables of an app, as the schema in its env.ts names them. */
function variablesOf(app: string): string[] {
  return Array.from(read(`apps/${app}/src/env.ts`).matchAll(/^ {2}([A-Z][A-Z_]+):/gm), ([, name = '']) => name);
}

describe('the README', () => {
  it('names scripts that are there', () => {
    const named = Array.from(readme.matchAll(/npm (?:run )?([a-z][a-z:-]*)/g), ([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names commands that set up a fresh clone themselves: with ignore-scripts npm runs no pre or post hook', () => {
    expect(read('.npmrc')).toContain('ignore-scripts=true');
    const hooks = Object.keys(scripts).filter((name) => /^(pre|post)/.test(name));
    expect(hooks).toEqual([]);
    for (const name of ['quickstart', 'test', 'start', 'bench:training']) {
      expect(scripts[name]).toMatch(/^node scripts\/setup\.mjs && /);
    }
  });

  it('has the commands that CI runs', () => {
    const ci = read('.ci/run');
    for (const command of ['npm test', 'npm run check']) {
      expect(readme).toContain(`\n${command}\n`);
      expect(ci).toMatch(new RegExp(`^${command}\\b`, 'm'));
    }
  });

  it('lists every command, and none besides', async () => {
    const { terminal, output } = captureTerminal();
    const context = { environment: readEnvironment({}), terminal, shutdownSignals: listenForShutdown };
    await runCommandLine(['--help'], context);
    const commands = Array.from(
      output()
        .split('Commands:')[1]
        ?.matchAll(/^ {2}([a-z][a-z-]*)/gm) ?? [],
      ([, name = '']) => name,
    );
    const listed = firstCells('command')
      .flatMap(names)
      .map((usage) => usage.split(' ')[0]);
    expect(listed.sort()).toEqual(commands.filter((name) => name !== 'help').sort());
  });

  it('lists every environment variable of the apps', () => {
    const listed = firstCells('variable').flatMap(names);
    const used = new Set(['api', 'worker', 'cli'].flatMap(variablesOf));
    expect(used.size).toBeGreaterThan(8);
    expect([...used].filter((name) => !listed.includes(name))).toEqual([]);
  });

  it('links to files that are there', () => {
    const links = Array.from(readme.matchAll(/\]\(([^)#]+)\)/g), ([, target = '']) => target);
    const files = links.filter((target) => !/^https?:/.test(target));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(read(file).length).toBeGreaterThan(0);
  });

  it('lists every folder of the workspace', () => {
    const folders = firstCells('folder').flatMap(names);
    const { workspaces } = z.object({ workspaces: z.array(z.string()) }).parse(JSON.parse(read('package.json')));
    expect(workspaces).toEqual(['packages/*', 'apps/*']);
    const lock = z.object({ packages: z.record(z.string(), z.unknown()) }).parse(JSON.parse(read('package-lock.json')));
    const members = Object.keys(lock.packages).filter((name) => /^(apps|packages)\/[^/]+$/.test(name));
    expect(members.length).toBeGreaterThan(10);
    expect(members.filter((name) => !folders.includes(name))).toEqual([]);
  });
});
