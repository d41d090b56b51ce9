import { readFile } from 'node:fs/promises';

import { attemptOutcomes, blames, roles, searchStates, trialPurposes, trialStates } from '@compound-search/contracts';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { changeKinds } from '../../src/changes/change-store.ts';
import { useScratchStore } from '../scratch-store.ts';
import {
  type Column,
  type ForeignKey,
  type Index,
  labelsIn,
  type PrismaSchema,
  readPrismaSchema,
} from './prisma-schema.ts';

const scratch = useScratchStore();
let client: Client;
let schema: PrismaSchema;

beforeAll(async () => {
  schema = readPrismaSchema(await readFile(new URL('../../../../prisma/schema.prisma', import.meta.url), 'utf8'));
  client = new Client({ connectionString: scratch().databaseUrl });
  await client.connect();
});
afterAll(() => client.end());

function defaultIn(expression: string | null): string | null {
  if (expression === null) return null;
  if (expression.startsWith('nextval(')) return 'sequence';
  if (expression === 'CURRENT_TIMESTAMP') return 'now';
  return /^'?(\w+|\{\})'?(?:::.*)?$/.exec(expression)?.[1] ?? expression;
}

async function columnsIn(table: string): Promise<Column[]> {
  const { rows } = await client.query<{ name: string; type: string; nullable: boolean; expression: string | null }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable,
            pg_get_expr(adbin, adrelid) AS expression
     FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  return rows.map(({ expression, ...column }) => ({ ...column, defaultValue: defaultIn(expression) }));
}

async function indexesIn(table: string): Promise<Index[]> {
  const { rows } = await client.query<Omit<Index, 'labels'> & { condition: string | null }>(
    `SELECT relname AS name, indisunique AS unique, pg_get_expr(indpred, indrelid) AS condition,
            ARRAY(SELECT attname::text FROM unnest(indkey) WITH ORDINALITY AS key (number, place)
                  JOIN pg_attribute ON attrelid = indrelid AND attnum = number ORDER BY place) AS columns
     FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = $1::regclass`,
    [table],
  );
  return rows.map(({ condition, ...index }) => ({ ...index, labels: labelsIn(condition) }));
}

async function foreignKeysIn(table: string): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `SELECT conname AS name, confrelid::regclass::text AS table,
            ARRAY(SELECT attname::text FROM unnest(conkey) AS number
                  JOIN pg_attribute ON attrelid = conrelid AND attnum = number) AS columns,
            CASE confdeltype WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL' WHEN 'c' THEN 'CASCADE' ELSE confdeltype::text END AS "onDelete"
     FROM pg_constraint WHERE contype = 'f' AND conrelid = $1::regclass`,
    [table],
  );
  return rows;
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}

describe('schema.prisma and the migrations', () => {
  it('describe the same tables', async () => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
    );
    expect(rows.map(({ name }) => name).toSorted()).toEqual(schema.tables.map(({ name }) => name).toSorted());
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['search', 'candidate', 'trial', 'epoch']));
  });

  it('describe the same columns, indexes and foreign keys of each table', async () => {
    for (const table of schema.tables) {
      expect(await columnsIn(table.name), table.name).toEqual(table.columns);
      expect((await indexesIn(table.name)).toSorted(byName), table.name).toEqual(table.indexes.toSorted(byName));
      expect((await foreignKeysIn(table.name)).toSorted(byName), table.name).toEqual(
        table.foreignKeys.toSorted(byName),
      );
    }
  });

  it('describe the same enumerations, with the states of the contracts', async () => {
    const { rows } = await client.query<{ name: string; labels: string[] }>(
      `SELECT typname AS name, array_agg(enumlabel::text ORDER BY enumsortorder) AS labels
       FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname`,
    );
    expect(rows.toSorted(byName)).toEqual(schema.enums.toSorted(byName));
    expect(Object.fromEntries(schema.enums.map(({ name, labels }) => [name, labels]))).toEqual({
      search_state: searchStates,
      trial_state: trialStates,
      trial_purpose: trialPurposes,
      attempt_outcome: attemptOutcomes,
      blame: blames,
      role: roles,
      change_kind: changeKinds,
    });
  });
});
