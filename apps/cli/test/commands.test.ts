import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  apiKeySchema,
  baselineViewSchema,
  coefficientsSchema,
  datasetViewSchema,
  latencySchema,
  leaderboardSchema,
  modelMetadataSchema,
  networkAnswerSchema,
  pageOf,
  searchPlanSchema,
  searchViewSchema,
  trialDetailSchema,
  trialViewSchema,
} from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { type CommandResult, commandResult, type CommandRun, runCommand } from './command.ts';
import { until } from './processes.ts';
import { smallSearch } from './small-search.ts';

/** A search is trained in here. */
const patience = 240_000;

let folder = '';
let service: CommandRun;
let watched: CommandResult;
let searchId = '';

function command(...args: string[]): Promise<CommandResult> {
  return commandResult(args, { COMPOUND_SEARCH_DATA: folder });
}

async function json<T extends z.ZodType>(schema: T, ...args: string[]): Promise<z.infer<T>> {
  const { code, output, messages } = await command(...args, '--json');
  expect(messages).toBe('');
  expect(code).toBe(0);
  return schema.parse(JSON.parse(output));
}

async function forPeople(...args: string[]): Promise<string> {
  const { code, output, messages } = await command(...args);
  expect({ code, messages }).toEqual({ code: 0, messages: '' });
  return output;
}

function searchFile(): string {
  return path.join(folder, 'search.json');
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'commands-'));
  writeFileSync(searchFile(), JSON.stringify(smallSearch));
  service = runCommand(['serve', '--port', '0', '--slots', '1'], { COMPOUND_SEARCH_DATA: folder });
  await until('the service listens', () => service.output().includes('listens at'), 120);
  watched = await command('search', searchFile(), '--watch');
  searchId = /^Search (\S+)/.exec(watched.messages)?.[1] ?? '';
}, patience);
afterAll(async () => {
  service.child.kill('SIGTERM');
  await service.ended;
  rmSync(folder, { recursive: true });
}, patience);

describe('the commands, on a service that they find by its data folder', { timeout: patience }, () => {
  it('show a search from its start to its result', () => {
    const { code, output, messages } = watched;
    expect(messages).toMatch(/^Search [-\w]+\n1 point -> 1 feasible -> 1 candidate -> 1 trial\n/);
    expect(messages).toMatch(/\d+ % \| .* \| /);
    expect(code).toBe(0);
    expect(output).toMatch(/│ +1 │ +1\.2 │ +1\.1 │ +1\.15 │ +1\.920 │/);
    const coefficients = coefficientsSchema.parse(JSON.parse(output.slice(output.indexOf('\n{'))));
    expect(coefficients).toMatchObject({ searchId, alpha: 1.2, beta: 1.1, gamma: 1.15, state: 'completed' });
  });

  it('take the results of one search into another that is trained elsewhere, as it assigns them', async () => {
    const file = path.join(folder, 'results.csv');
    writeFileSync(file, await forPeople('export', searchId, '--format', 'csv'));
    const { output, messages } = await command('search', searchFile(), '--external');
    const id = /^Search (\S+):/.exec(output)?.[1] ?? '';
    expect(messages).toContain(`compound-search import ${id} <file>`);
    expect(await forPeople('export', id, '--state', 'queued', '--format', 'csv')).toMatch(
      /^trialId,.*\n.*,queued,.*,imported\n$/,
    );

    const early = await command('import', id, file);
    expect(early.code).toBe(1);
    expect(early.messages).toMatch(
      /^error RESULT_INVALID: Line 3: seed is of a trial that the search has not assigned/,
    );

    const followed = await command('import', id, file, '--follow');
    expect(followed).toMatchObject({ code: 0, output: '2 trials imported.\n' });
    expect(await forPeople('import', id, file)).toBe('0 trials imported, 2 had these results before.\n');
    const [ours, theirs] = [
      await json(coefficientsSchema, 'coefficients', searchId),
      await json(coefficientsSchema, 'coefficients', id),
    ];
    expect(theirs).toMatchObject({
      ...{ state: 'completed', importedTrials: 2, engine: null },
      ...{ validationAccuracy: ours.validationAccuracy, testAccuracy: ours.testAccuracy, confidence: ours.confidence },
    });
    expect(await forPeople('coefficients', id)).toContain(
      '2 trials had been trained elsewhere; the results were imported.',
    );
    expect(await forPeople('trials', id)).toMatch(/completed +│ imported/);
  });

  it('list searches and trials, a page at a time', async () => {
    const page = await json(pageOf(searchViewSchema), 'searches');
    expect(page.items.map(({ id }) => id)).toContain(searchId);
    expect(await forPeople('searches')).toContain(searchId);
    const trials = await json(pageOf(trialViewSchema), 'trials', searchId);
    expect(trials.items.map(({ purpose }) => purpose).sort()).toEqual(['ranking', 'test']);
    expect((await json(pageOf(trialViewSchema), 'trials', searchId, '--state', 'failed')).items).toEqual([]);
    const first = await command('trials', searchId, '--limit', '1');
    expect(first.messages).toMatch(/^There are more: --cursor \S+\n$/);
  });

  it('show a trial with its learning curve', async () => {
    const { items } = await json(pageOf(trialViewSchema), 'trials', searchId);
    const id = items[0]?.id ?? '';
    const trial = await json(trialDetailSchema, 'trial', id);
    expect(trial.learningCurve).toHaveLength(1);
    const output = await forPeople('trial', id);
    expect(output).toContain('images per second');
    expect(output).toMatch(/Validation accuracy ▅\n$/);
  });

  it('repeat a trial to the bit, and leave the search as it was', async () => {
    const { items } = await json(pageOf(trialViewSchema), 'trials', searchId);
    const before = await json(leaderboardSchema, 'leaderboard', searchId);
    const { code, output, messages } = await command('rerun', items[0]?.id ?? '');
    expect(messages).toMatch(/^Rerun [-\w]+\n/);
    expect({ code, output }).toEqual({
      code: 0,
      output: `Equal to the bit: every epoch, and the weights ${items[0]?.result?.weightsHash ?? 'none'}.\n`,
    });
    expect(await json(leaderboardSchema, 'leaderboard', searchId)).toEqual(before);
    const rerunId = /^Rerun (\S+)/.exec(messages)?.[1] ?? '';
    expect(await forPeople('trial', rerunId)).toContain(`Repeats the trial ${items[0]?.id ?? 'none'}.`);
    const refused = await command('rerun', searchId);
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(refused.messages).toMatch(/^error NOT_FOUND: /);
  });

  it('train the winner, and another network of its coefficients, into folders of their own', async () => {
    const output = path.join(folder, 'deep', 'model');
    const { code, output: said } = await command('model', searchId, '--output', output);
    const metadata = modelMetadataSchema.parse(JSON.parse(readFileSync(path.join(output, 'metadata.json'), 'utf8')));
    expect(code).toBe(0);
    expect(said).toMatch(new RegExp(`^test accuracy ${(metadata.testAccuracy * 100).toFixed(2)} %, `));
    expect(readdirSync(output).sort()).toEqual(['metadata.json', 'saved_model.pb']);
    expect(statSync(path.join(output, 'saved_model.pb')).size).toBe(metadata.bytes);
    const { testAccuracy, network } = await json(coefficientsSchema, 'coefficients', searchId);
    expect(metadata).toMatchObject({ phi: 1, testAccuracy: testAccuracy?.mean, fingerprint: network.fingerprint });
    const flags = ['--phi', '-1', '--seed', '5', '--output', path.join(folder, 'smaller')];
    const { code: done, output: answer } = await command('model', searchId, ...flags, '--json');
    expect(done).toBe(0);
    const smaller = modelMetadataSchema.parse(JSON.parse(answer));
    expect(smaller).toMatchObject({ phi: -1, seed: 5 });
    expect(smaller.macs).toBeLessThan(metadata.macs);
  });

  it('refuse a model that cannot be, and a folder that cannot be made, before anything is trained', async () => {
    const output = path.join(folder, 'none');
    const unknown = await command('model', searchId, '--candidate', 'none', '--output', output);
    expect(unknown).toMatchObject({ code: 1, output: '' });
    expect(unknown.messages).toMatch(/^error NOT_FOUND: .*\(candidateId: "none"\)/);
    const large = await command('model', searchId, '--phi', '1e5', '--output', output);
    expect(large.messages).toMatch(/^error COEFFICIENT_INVALID: /);
    const file = await command('model', searchId, '--output', searchFile());
    expect(file.messages).toMatch(/^error VALIDATION_FAILED: The folder .* cannot be made/);
  });

  it('show the leaderboard and the coefficients as numbers and for people', async () => {
    const { rows } = await json(leaderboardSchema, 'leaderboard', searchId);
    const coefficients = await json(coefficientsSchema, 'coefficients', searchId);
    expect(rows[0]).toMatchObject({ rank: 1, fingerprint: coefficients.network.fingerprint });
    const test = ((coefficients.testAccuracy?.mean ?? NaN) * 100).toFixed(2);
    expect(await forPeople('leaderboard', searchId)).toContain(`${test} %`);
    expect(await forPeople('coefficients', searchId)).toMatch(/^alpha 1\.2, beta 1\.1, gamma 1\.15 \(product 1\.920/);
    expect(await forPeople('coefficients', searchId)).toContain('timm: channel_multiplier=1.1, depth_multiplier=1.2');
  });

  it('sort the leaderboard, and print it as comma-separated values', async () => {
    const { rows } = await json(leaderboardSchema, 'leaderboard', searchId, '--sort', 'parameters');
    const parameters = rows.map((row) => row.parameters);
    expect(parameters).toEqual(parameters.toSorted((one, other) => one - other));
    const [header, ...lines] = (await forPeople('leaderboard', searchId, '--csv')).trimEnd().split('\n');
    expect(header).toMatch(/^rank,alpha,beta,gamma,/u);
    expect(lines).toHaveLength(rows.length);
    expect((await json(leaderboardSchema, 'leaderboard', searchId, '--minimum-trials', '99')).rows).toEqual([]);
  });

  it('measure how long each candidate takes here, beside what the search has found of it', async () => {
    const { rows } = await json(leaderboardSchema, 'leaderboard', searchId);
    const flags = ['--search', searchId, '--runs', '2', '--warm-up', '0', '--json'];
    const { code, output } = await command('latency', ...flags);
    expect(code).toBe(0);
    const measured = z
      .array(z.object({ candidateId: z.string(), rank: z.int(), macs: z.int(), latency: latencySchema }))
      .parse(JSON.parse(output));
    expect(measured.map(({ candidateId, rank, macs }) => ({ candidateId, rank, macs }))).toEqual(
      rows.map(({ candidateId, rank, macs }) => ({ candidateId, rank, macs })),
    );
    expect(measured.map(({ latency: { runs, warmUp } }) => [runs, warmUp])).toEqual(rows.map(() => [2, 0]));
  });

  it('print the winner as Python, and why a library has none', async () => {
    const { use } = await json(coefficientsSchema, 'coefficients', searchId);
    expect((await forPeople('coefficients', searchId, '--use', 'timm')).trimEnd()).toBe(use?.timm.code);
    const refused = await command('coefficients', searchId, '--use', 'keras');
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(refused.messages).toMatch(/^error NETWORK_INVALID: Keras takes coefficients for the stages of/);
    const { family } = await json(coefficientsSchema, 'coefficients', searchId, '--phi', '-1,2');
    expect(family.map(({ phi }) => phi)).toEqual([-1, 2]);
  });

  it('make keys, list them and take them back', async () => {
    const made = await command('keys', 'add', 'alice', '--role', 'read');
    expect(made).toMatchObject({ code: 0, output: expect.stringMatching(/^cs_[\w-]{43}\n$/) as unknown });
    expect(made.messages).toContain('cannot be shown again');
    expect(await forPeople('keys')).toMatch(/alice +│ read/);
    expect((await json(apiKeySchema.array(), 'keys')).map(({ name }) => name)).toEqual(['alice']);
    expect(await forPeople('keys', 'remove', 'alice')).toContain('alice');
    expect(await json(apiKeySchema.array(), 'keys')).toEqual([]);
    const again = await command('keys', 'remove', 'alice');
    expect(again.code).toBe(1);
    expect(again.messages).toContain('NOT_FOUND');
  });

  it('show what a search would come to and store nothing', async () => {
    const flags = ['--baseline', 'efficientnet-micro', '--dataset', 'mnist', '--alpha', '1:2:0.5'];
    const grid = [...flags, '--beta', '1,1.2', '--gamma', '1,1.15'];
    const before = await json(pageOf(searchViewSchema), 'searches');
    const plan = await json(searchPlanSchema, 'plan', ...grid);
    expect(plan.points).toBe(12);
    expect(plan.candidates.length).toBeGreaterThan(0);
    expect(await forPeople('plan', ...grid)).toMatch(/^12 points -> \d+ feasible -> \d+ candidates\n/);
    expect(await json(pageOf(searchViewSchema), 'searches')).toEqual(before);
  });

  it('cancel a search, and say so again', async () => {
    const started = await json(searchViewSchema, 'search', searchFile(), '--epochs', '1000');
    expect((await json(searchViewSchema, 'cancel', started.id)).state).toBe('cancelled');
    expect((await json(searchViewSchema, 'cancel', started.id)).state).toBe('cancelled');
    const fruitless = await command('coefficients', started.id);
    expect(fruitless).toMatchObject({ code: 1, output: '' });
    expect(fruitless.messages).toMatch(/^error NO_WINNER: /);
  });

  it('list the baselines and the data sets', async () => {
    const datasets = await json(datasetViewSchema.array(), 'datasets');
    expect(datasets.map(({ name }) => name)).toContain('mnist');
    expect(await forPeople('datasets')).toMatch(/│ mnist +│ +28x28x1 │ +10 │ +60000 │ +10000 │/);
    expect(await forPeople('baselines')).toContain('│ efficientnet-micro ');
  });

  it('register a network of your own, then cost it and search over it by its name or its file', async () => {
    const file = path.join(folder, 'mine.json');
    writeFileSync(file, JSON.stringify({ ...findBaseline('efficientnet-micro'), name: 'mine' }));
    expect(await json(baselineViewSchema, 'baselines', 'add', file)).toMatchObject({ name: 'mine', registered: true });
    expect(await json(networkAnswerSchema, 'network', 'mine', '--classes', '3')).toMatchObject({ classes: 3 });
    // The time depends on what has been trained meanwhile.
    const untimed = searchPlanSchema.omit({ expected: true });
    const byName = await json(untimed, 'plan', searchFile(), '--baseline', 'mine');
    expect(await json(untimed, 'plan', searchFile(), '--baseline', file)).toEqual(byName);
    writeFileSync(file, JSON.stringify({ ...findBaseline('efficientnet-micro'), name: 'mine', classes: 7 }));
    expect((await command('baselines', 'add', file)).messages).toMatch(/^error BASELINE_EXISTS: .*\(name: "mine"\)/);
  });

  it('pass the refusals of the service on with field, value and remedy', async () => {
    const { code, output, messages } = await command('search', searchFile(), '--baseline', 'efficientnet-b99');
    expect(code).toBe(1);
    expect(output).toBe('');
    expect(messages).toMatch(/^error UNKNOWN_BASELINE: .*\(baseline: "efficientnet-b99"\) .*efficientnet-micro.*\n$/);
    const unknown = await command('leaderboard', '00000000-0000-4000-8000-000000000000');
    expect(unknown.messages).toMatch(/^error NOT_FOUND: /);
  });

  it('of a training that is interrupted leave nothing running', async () => {
    const long = await json(searchViewSchema, 'search', searchFile(), '--epochs', '1000');
    const { rows } = await json(leaderboardSchema, 'leaderboard', long.id);
    const flags = ['--candidate', rows[0]?.candidateId ?? '', '--output', path.join(folder, 'never')];
    const run = runCommand(['model', long.id, ...flags], { COMPOUND_SEARCH_DATA: folder });
    await until('it shows the progress', () => /\d+ % \|/.test(run.messages()));
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    const id = /^Model (\S+)/.exec(run.messages())?.[1] ?? '';
    expect(await json(trialDetailSchema, 'trial', id)).toMatchObject({ purpose: 'model', state: 'cancelled' });
    await json(searchViewSchema, 'cancel', long.id);
  });

  it('of a watch that is interrupted leave the search alone', async () => {
    const run = runCommand(['search', searchFile(), '--watch', '--epochs', '1000'], { COMPOUND_SEARCH_DATA: folder });
    await until('it shows the progress', () => /\d+ % \|/.test(run.messages()));
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    const id = /^Search (\S+)/.exec(run.messages())?.[1] ?? '';
    expect(run.messages()).toContain(`The search goes on; \`compound-search cancel ${id}\` would end it.`);
    expect((await json(searchViewSchema, 'cancel', id)).state).toBe('cancelled');
  });
});
