import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

import { createMetrics } from '../../apps/api/src/metrics/metrics.ts';
import { readServiceState } from '../../apps/api/src/metrics/service-state.ts';
import { createWorkerMetrics } from '../../apps/worker/src/metrics/worker-metrics.ts';

function read(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
}

const operations = read('docs/operations.md');
const alerts = read('deploy/prometheus/alerts.yaml');
const rulesSchema = z.object({
  groups: z.tuple([
    z.object({
      rules: z.array(
        // What is not quoted and has a comma would be further annotations.
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          annotations: z.strictObject({ summary: z.string() }),
        }),
      ),
    }),
  ]),
});

let exposed: ReadonlySet<string>;
let lines: string;
beforeAll(async () => {
  const statistics = { searches: [], trials: [], queueWaitSeconds: 0 };
  const parts = {
    store: { readStatistics: () => Promise.resolve(statistics) },
    queue: { counts: () => Promise.resolve({ waiting: 0, active: 0 }) },
  };
  const state = await readServiceState(parts, () => undefined);
  const registries = [state, createMetrics().registry, createWorkerMetrics(1).registry];
  exposed = new Set(registries.flatMap((registry) => registry.getMetricsAsArray().map(({ name }) => name)));
  lines = (await Promise.all(registries.map((registry) => registry.metrics()))).join('\n');
});

/** The metrics that a text names; series of a histogram by the name of the histogram. */
function metricsIn(text: string): string[] {
  const names = Array.from(text.matchAll(/\b(?:compound_search|nodejs|process)_[a-z0-9_]+/g), ([name]) => name);
  return [...new Set(names.map((name) => name.replace(/_(?:bucket|sum|count)$/, '')))];
}

describe('docs/operations.md', () => {
  it('names metrics that the service or a worker has', () => {
    expect(metricsIn(operations).length).toBeGreaterThan(10);
    expect(metricsIn(operations).filter((name) => !exposed.has(name))).toEqual([]);
  });

  it('has a row with unit and meaning for each metric of this program', () => {
    const rows = Array.from(
      operations.matchAll(/^\| `(\w+)` +\| [^|]*\w[^|]* \| [^|]*\w[^|]* \|$/gm),
      ([, name]) => name,
    );
    expect(rows.sort()).toEqual([...exposed].filter((name) => name.startsWith('compound_search_')).sort());
  });
});

describe('the alert rules', () => {
  const [{ rules }] = rulesSchema.parse(parse(alerts)).groups;

  it('have a name, an expression and what to do', () => {
    expect(rules.length).toBeGreaterThanOrEqual(8);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it('name metrics that the service or a worker has', () => {
    const named = metricsIn(rules.map(({ expr }) => expr).join('\n'));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !exposed.has(name))).toEqual([]);
  });

  it('ask for states and outcomes that there are', () => {
    const selectors = Array.from(alerts.matchAll(/compound_search_\w+\{(?:state|outcome)="\w+"/g), ([text]) => text);
    expect(selectors.length).toBeGreaterThanOrEqual(3);
    expect(selectors.filter((selector) => !lines.includes(selector))).toEqual([]);
  });
});
