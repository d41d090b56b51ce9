import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type SearchRequestInput, type SearchView, searchViewSchema, type TrialView } from '@compound-search/contracts';
import { type Client, createClient } from '@compound-search/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { commandResult, type CommandRun, runCommand } from './command.ts';
import { serviceUrlOf } from './service-url-of.ts';
import { smallSearch } from './small-search.ts';

const patience = 240_000;

let folder = '';
let url = '';
let serve: CommandRun;
let client: Client;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'repeated-'));
  serve = runCommand(['serve', '--data', folder, '--port', '0', '--slots', '1']);
  url = await serviceUrlOf(serve);
  client = createClient({ baseUrl: url });
}, patience);
afterAll(async () => {
  serve.child.kill('SIGTERM');
  await serve.ended;
  rmSync(folder, { recursive: true });
}, patience);

const request: SearchRequestInput = { ...smallSearch, seeds: [1, 2], testSeeds: 1, reuse: true };

async function run(changes: Partial<SearchRequestInput> = {}): Promise<SearchView> {
  const { id } = await client.createSearch({ ...request, ...changes });
  return client.waitForSearch(id);
}

async function trialsOf({ id }: SearchView): Promise<TrialView[]> {
  return [...(await client.trials(id, { limit: 100 })).items];
}

function ranking(trials: readonly TrialView[]): TrialView[] {
  return trials.filter(({ purpose }) => purpose === 'ranking');
}

describe('a search that is posted again', { timeout: patience }, () => {
  it('trains no ranking trial, has the same results, and tests its winner by a training that repeats them', async () => {
    const first = ranking(await trialsOf(await run()));
    const again = await run();
    const trials = await trialsOf(again);

    expect(again).toMatchObject({ state: 'completed', takenOverTrials: 2 });
    expect(ranking(trials).map(({ takenOverFrom }) => takenOverFrom)).toEqual(first.map(({ id }) => id));
    expect(ranking(trials).map(({ result }) => result)).toEqual(first.map(({ result }) => result));
    expect(trials.filter(({ purpose }) => purpose === 'test')).toMatchObject([{ takenOverFrom: null }]);
    expect(await client.coefficients(again.id)).toMatchObject({
      takenOverTrials: 2,
      confidence: { reproduced: true },
    });
    const { output } = await commandResult(['--url', url, 'coefficients', again.id]);
    expect(output).toContain('2 trials had been trained by earlier searches, to the same bits.');
  });

  it('trains only what is new where a seed is added, and all of it where it is not to reuse trials', async () => {
    const { id } = await run();
    const { output } = await commandResult(['--url', url, 'extend', id, '--seeds', '3', '--json']);
    const more = await client.waitForSearch(searchViewSchema.parse(JSON.parse(output)).id);
    const anew = await run({ reuse: false });
    expect(more).toMatchObject({ extends: id, takenOverTrials: 2, trials: { total: 3, completed: 3 } });
    expect(anew).toMatchObject({ takenOverTrials: 0, trials: { total: 2, completed: 2 } });
    const [old, trained] = [ranking(await trialsOf(more)), ranking(await trialsOf(anew))];
    expect(trained.map(({ result }) => result?.weightsHash)).toEqual(
      old.slice(0, 2).map(({ result }) => result?.weightsHash),
    );
  });
});
