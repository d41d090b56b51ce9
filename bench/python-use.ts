/**
 * Builds networks by the Python that the coefficients give for Keras, timm and torchvision, and holds the parameters and
 * multiply-adds that PyTorch counts in them against those of this project: `npm run check:python-use`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  findBaseline,
  networkUse,
  scaleBaseline,
  type ScaledArchitecture,
  type ScalingOptions,
  summarizeNetwork,
} from '@compound-search/networks';
import { type Multipliers, multipliers } from '@compound-search/scaling';
import { z } from 'zod';

import { libraries, preparePython } from './peers/python-environment.ts';
import { runProgram } from './peers/run-program.ts';

const libraryNames = ['keras', 'timm', 'torchvision'] as const;

const paper = { alpha: 1.2, beta: 1.1, gamma: 1.15 };

/** The paper's coefficients to several phi, and points of grids: where rounding bites and where it does not. */
const scales: readonly Multipliers[] = [
  ...[-1, 0, 1, 2.5].map((phi) => multipliers(paper, phi)),
  { depth: 1, width: 1.4, resolution: 1 },
  { depth: 1.1, width: 1.01, resolution: 1.3 },
  { depth: 2.2, width: 1.6, resolution: 1 },
  { depth: 0.6, width: 0.5, resolution: 0.8 },
];

const plain: readonly ScalingOptions[] = [{}, { classes: 10, input: { channels: 1 } }];
const rounded: readonly ScalingOptions[] = [
  { classes: 100, input: { channels: 3 }, policy: 'torchvision', rounding: { resolutionStep: 4 } },
  { policy: 'tinynet' },
  { policy: 'pycls' },
  { classes: 37, rounding: { channelDivisor: 4 } },
];

const baselines: Readonly<Record<string, readonly ScalingOptions[]>> = {
  'efficientnet-b0': [...plain, ...rounded],
  'efficientnet-micro': [...plain, ...rounded],
  'efficientnet-lite0': plain,
  'efficientnet-v2-b0': plain,
  'mobilenet-v2': plain,
  'mobilenet-v2-micro': plain,
  'efficientnet-b0-cifar': plain,
  'resnet-50': plain,
};

interface Case {
  readonly label: string;
  readonly library: (typeof libraryNames)[number];
  readonly architecture: ScaledArchitecture;
  readonly code: string;
  readonly input: readonly number[];
}

const reasons = new Map<string, number>();

function casesOf(architecture: ScaledArchitecture, label: string): Case[] {
  const use = networkUse(architecture);
  return libraryNames.flatMap((library) => {
    const { code, reason } = use[library];
    if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    const input = [architecture.input.channels, ...architecture.resolution];
    return code === null ? [] : [{ label: `${library}, ${label}`, library, architecture, code, input }];
  });
}

const countSchema = z.object({
  parameters: z.int(),
  /** Null where the library does not count them. */
  macs: z.number().nullable(),
  input: z.array(z.int()),
  classes: z.int(),
});
type Count = z.infer<typeof countSchema>;

async function countInPython(folder: string, cases: readonly Case[]): Promise<Count[]> {
  const python = await preparePython((line) => {
    console.log(line);
  }, libraries);
  const file = path.join(folder, 'cases.json');
  await writeFile(file, JSON.stringify(cases.map(({ code, input }) => ({ code, input }))));
  const output = await runProgram(python.program, [path.join(import.meta.dirname, 'peers', 'library_use.py'), file]);
  const [versions, ...counts] = output.trim().split('\n');
  console.log(`Counted by ${versions ?? ''}`);
  return counts.map((line) => countSchema.parse(JSON.parse(line)));
}

function expectedCount({ input, resolution, ...architecture }: ScaledArchitecture, there: Count | undefined): Count {
  const { parameters, macs } = summarizeNetwork({ input, resolution, ...architecture }).totals;
  return {
    parameters,
    macs: there?.macs === null ? null : macs,
    input: [input.channels, ...resolution],
    classes: architecture.classes,
  };
}

const cases = Object.entries(baselines).flatMap(([name, settings]) =>
  settings.flatMap((options) =>
    scales.flatMap((scale) => {
      const architecture = scaleBaseline(findBaseline(name), scale, options);
      return casesOf(architecture, `${name} ${JSON.stringify(scale)} ${JSON.stringify(options)}`);
    }),
  ),
);
const folder = await mkdtemp(path.join(tmpdir(), 'compound-search-python-use-'));
try {
  const counts = await countInPython(folder, cases);
  if (counts.length !== cases.length) throw new Error(`${cases.length} networks came to ${counts.length} counts`);
  const wrong = cases.filter(({ label, architecture }, index) => {
    const there = counts[index];
    const here = expectedCount(architecture, there);
    if (JSON.stringify(there) === JSON.stringify(here)) return false;
    console.log(`${label}: ${JSON.stringify(here)} here, ${JSON.stringify(there)} there`);
    return true;
  });
  for (const library of libraryNames) {
    const own = cases.filter((one) => one.library === library);
    console.log(
      `${library}: ${own.length - own.filter((one) => wrong.includes(one)).length} of ${own.length} the same`,
    );
  }
  console.log('Not given, by reason:');
  for (const [reason, count] of [...reasons].sort(([, one], [, other]) => other - one))
    console.log(`  ${count}  ${reason}`);
  process.exitCode = wrong.length === 0 && cases.length > 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}
