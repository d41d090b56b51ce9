import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { z } from 'zod';

import { preparePython, schemathesis } from '../peers/python-environment.ts';
import type { Resources } from './resources.ts';

const operationSchema = z.object({
  operationId: z.string(),
  responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.unknown()).optional() })),
});
const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) });
type Operation = z.infer<typeof operationSchema>;

/** How much is asked. */
export interface FuzzOptions {
  /** Of each operation, beside those that cover every constraint of its schema once. */
  readonly examples: number;
  /** Decides the requests. */
  readonly seed: number;
  /** Operations by their id, as a regular expression; all where absent. */
  readonly only?: string | undefined;
}

/** What came of it. */
export interface FuzzOutcome {
  readonly passed: boolean;
  /** What Schemathesis said. */
  readonly report: string;
  /** Operations that were to be asked: all that are described but streams, whose answers have no end. */
  readonly operations: number;
}

/**
 * Asks a service for what its own description offers and for what it rules out, and holds every answer against the
 * description.
 */
export async function runSchemathesis(
  url: string,
  resources: Resources,
  { examples, seed, only }: FuzzOptions,
): Promise<FuzzOutcome> {
  const python = await preparePython((line) => {
    console.log(line);
  }, schemathesis);
  const operations = await operationsOf(url);
  const streams = operations.filter(isStream);
  const folder = await mkdtemp(path.join(tmpdir(), 'compound-search-schemathesis-'));
  try {
    const configuration = path.join(folder, 'schemathesis.toml');
    await writeFile(configuration, configurationOf(resources));
    const { all, exitCode } = await execa(
      python.program,
      [
        ...['-m', 'schemathesis.cli', '--config-file', configuration, 'run', `${url}/openapi.json`],
        ...['--max-examples', String(examples), '--seed', String(seed), '--continue-on-failure', '--no-color'],
        ...['--generation-database', 'none', '--workers', '1'],
        ...streams.flatMap(({ operationId }) => ['--exclude-operation-id', operationId]),
        ...(only === undefined ? [] : ['--include-operation-id-regex', only]),
      ],
      { all: true, reject: false, stdin: 'ignore', cwd: folder },
    );
    return { passed: exitCode === 0, report: all, operations: operations.length - streams.length };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function operationsOf(url: string): Promise<Operation[]> {
  const response = await fetch(`${url}/openapi.json`);
  const { paths } = documentSchema.parse(await response.json());
  return Object.values(paths).flatMap((path) => Object.values(path));
}

function isStream({ responses }: Operation): boolean {
  return Object.values(responses).some(({ content = {} }) => 'text/event-stream' in content);
}

/** How often a generated value gives way to one that there is. */
const KNOWN = 0.8;

interface Binding {
  /** Which operations, in the terms of Schemathesis. */
  readonly operations: string;
  /** Where the value stands, and of which dictionary it is. */
  readonly parameters: Readonly<Record<string, string>>;
}

const bindings: readonly Binding[] = [
  { operations: 'include-operation-id = "deleteSearch"', parameters: { 'path.id': 'deletable' } },
  {
    operations: 'include-path-regex = "^/v1/searches/"\nexclude-operation-id = "deleteSearch"',
    parameters: { 'path.id': 'searches' },
  },
  { operations: 'include-path-regex = "^/v1/trials/"', parameters: { 'path.id': 'trials' } },
  { operations: 'include-path-regex = "^/v1/models/"', parameters: { 'path.id': 'models' } },
  { operations: 'include-path-regex = "^/v1/workers/"', parameters: { 'path.id': 'workers' } },
  { operations: 'include-path-regex = "^/v1/keys/"', parameters: { 'path.id': 'keys' } },
  { operations: 'include-path-regex = "^/v1/baselines/"', parameters: { 'path.name': 'baselines' } },
  {
    operations: 'include-path-regex = "^/v1/(searches|plans|comparisons|networks|families)$"',
    parameters: { 'body.baseline': 'baselines', 'body.dataset': 'datasets' },
  },
];

/** In TOML, whose strings and lists of strings are written as those of JSON are. */
function configurationOf(resources: Resources): string {
  const dictionaries = { ...resources, datasets: ['shapes'] };
  return [
    `hooks = ${JSON.stringify(fileURLToPath(new URL('undescribed_rules.py', import.meta.url)))}\n`,
    ...Object.entries(dictionaries).map(
      ([name, values]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}\n`,
    ),
    ...bindings.map(({ operations, parameters }) =>
      [
        '[[operations]]',
        operations,
        '[operations.parameters]',
        ...Object.entries(parameters).map(
          ([key, dictionary]) => `${JSON.stringify(key)} = { dictionary = "${dictionary}", probability = ${KNOWN} }`,
        ),
        '',
      ].join('\n'),
    ),
    checks,
  ].join('\n');
}

/** What is refused though its schema allows it has a code of its own, and the status 422 or 409. */
const checks = `
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 403, 404, 409, 422]
`;
