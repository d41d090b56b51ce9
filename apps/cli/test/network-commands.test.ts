import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { familyMemberSchema, networkAnswerSchema, publishedNetworkSchema } from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { type CommandResult, commandResult } from './command.ts';

/** Nothing listens there: these commands must do without a service. */
const nowhere = { COMPOUND_SEARCH_URL: 'http://127.0.0.1:9' };
function run(...args: string[]): Promise<CommandResult> {
  return commandResult(args, nowhere);
}
async function json<T extends z.ZodType>(schema: T, ...args: string[]): Promise<z.infer<T>> {
  const { code, output, messages } = await run(...args, '--json');
  expect({ code, messages }).toEqual({ code: 0, messages: '' });
  return schema.parse(JSON.parse(output));
}

const row = z.object({ params: z.int(), macs: z.int(), res: z.int() });
const published = row.extend({ name: z.string(), total_with_bn_stats: z.int(), macs_bias: z.int(), acts: z.int() });
/** Exact counts that several public implementations agree on; the networks package says which. */
const vectors = z
  .object({ efficientnet: z.array(published), phi: z.array(row.extend({ phi: z.number() })) })
  .parse(JSON.parse(readFileSync(new URL('../../../packages/networks/test/vectors.json', import.meta.url), 'utf8')));

let folder = '';
function fileOf(content: unknown): string {
  const file = path.join(folder, 'network.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'networks-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('network, without a service', () => {
  it.each(vectors.efficientnet.filter(({ name }) => ['b0', 'b4', 'b7'].includes(name)))(
    'prints the published $name to the unit',
    async ({ name, ...expected }) => {
      const answer = await json(networkAnswerSchema, 'network', 'efficientnet-b0', '--published', name);
      expect(answer).toMatchObject({
        parameters: expected.params,
        parametersWithStatistics: expected.total_with_bn_stats,
        macs: expected.macs,
        macsWithBias: expected.macs_bias,
        activations: expected.acts,
        resolution: [expected.res, expected.res],
      });
    },
  );

  it('takes a description from a file, and sides that differ', async () => {
    const scale = ['--depth', '1.4', '--width', '1.2', '--resolution', '48x32', '--classes', '7'];
    const file = fileOf(findBaseline('efficientnet-micro'));
    const own = await json(networkAnswerSchema, 'network', file, ...scale);
    expect(own).toMatchObject({ resolution: [48, 32], classes: 7 });
    expect(own).toEqual(await json(networkAnswerSchema, 'network', 'efficientnet-micro', ...scale));
  });

  it('shows a table with every layer and with what to know', async () => {
    const { code, output } = await run('network', 'resnet-50', '--resolution', '32', '--layers', '--batch', '32');
    expect(code).toBe(0);
    // torchvision's resnet50 has 25,557,032 parameters.
    expect(output).toMatch(/│ parameters +│ 25,557,032 +│/);
    expect(output).toMatch(/│ head\/classifier +│ dense +│ +1000 │/);
    expect(output).toMatch(/│ training memory +│ \d+\.\d MB/);
    expect(output).toMatch(/^Note: .*one position is left/m);
  });

  it('costs frames of a video', async () => {
    const answer = await json(networkAnswerSchema, 'network', 'efficientnet-b0-3d', '--resolution', '16x112x112');
    // Run in PyTorch: 324,640,560 multiply-adds, a final map of 1 x 4 x 4.
    expect(answer).toMatchObject({ macs: 324_640_560, finalMap: [1, 4, 4] });
  });

  it('names the path of a fault in a file', async () => {
    const { code, messages } = await run('network', fileOf({ ...findBaseline('resnet-20'), activation: 'tanh' }));
    expect(code).toBe(1);
    expect(messages).toMatch(/^error NETWORK_INVALID: .*\(activation: "tanh"\)/);
  });

  it('names the baselines where there is none of the name, service or not', async () => {
    const { code, messages } = await run('network', 'resnet-9000');
    expect(code).toBe(1);
    expect(messages).toMatch(/^error UNKNOWN_BASELINE: .*resnet-50/);
  });
});

describe('family, without a service', () => {
  it('prints a row per phi to the unit, negative ones too', async () => {
    const coefficients = ['--alpha', '1.2', '--beta', '1.1', '--gamma', '1.15'];
    const phi = vectors.phi.map((vector) => vector.phi).join(',');
    const members = await json(familyMemberSchema.array(), 'family', 'efficientnet-b0', ...coefficients, '--phi', phi);
    expect(members.map((one) => [one.phi, one.resolution[0], one.parameters, one.macs])).toEqual(
      vectors.phi.map((one) => [one.phi, one.res, one.params, one.macs]),
    );
  });

  it('notes where a smaller phi leaves the depth unchanged', async () => {
    const { output } = await run('family', 'efficientnet-b0', '--phi', '-1,0');
    expect(output).toMatch(/^Note: phi -1: A depth of 0\.8333 changes no number of blocks/m);
  });
});

describe('published, without a service', () => {
  it('lists the rows with their exact cost', async () => {
    const list = await json(publishedNetworkSchema.array(), 'published');
    expect(list.find(({ name }) => name === 'b4')).toMatchObject({ depth: 1.8, width: 1.4, macs: 4_393_771_024 });
    expect((await run('published')).output).toMatch(/│ tinynet-e +│ efficientnet-b0 +│ tinynet +│/);
  });
});
