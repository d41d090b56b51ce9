import { CompoundSearchError } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { type NumberedLine, parseResults } from '../../src/results/parse-results.ts';
import type { ResultFormat } from '../../src/results/result-lines.ts';

/** A text as it arrives: so many bytes at a time. */
async function* arriving(text: string | Uint8Array, bytes: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let from = 0; from < all.length; from += bytes) yield await Promise.resolve(all.subarray(from, from + bytes));
}

function parse(text: string | Uint8Array, format: ResultFormat = 'jsonl', bytes = 1000): Promise<NumberedLine[]> {
  return parseResults(arriving(text, bytes), format);
}

async function refusalOf(text: string | Uint8Array, format: ResultFormat = 'jsonl'): Promise<CompoundSearchError> {
  const error: unknown = await parse(text, format).catch((refusal: unknown) => refusal);
  if (!(error instanceof CompoundSearchError)) throw new Error(`It was not refused: ${JSON.stringify(error)}`);
  return error;
}

const line = '{"fingerprint":"f","seed":1,"validationAccuracy":0.9}';

describe('results as JSON lines', () => {
  it.each([1, 7, 1000])('are the same however they arrive, %i bytes at a time', async (bytes) => {
    const text = `${line}\n\n  \n{"alpha":1.2,"beta":1.1,"gamma":1,"seed":2,"failure":"TRIAL_DIVERGED","weightsHash":"ß"}\r\n`;
    expect(await parse(text, 'jsonl', bytes)).toEqual([
      { line: 1, told: { purpose: 'ranking', fingerprint: 'f', seed: 1, validationAccuracy: 0.9 } },
      {
        line: 4,
        told: {
          ...{ purpose: 'ranking', alpha: 1.2, beta: 1.1, gamma: 1, seed: 2 },
          ...{ failure: 'TRIAL_DIVERGED', weightsHash: 'ß' },
        },
      },
    ]);
  });

  it('need no line feed at their end, and may begin with a byte order mark', async () => {
    expect(await parse(`\uFEFF${line}\n${line}`)).toHaveLength(2);
  });

  it('are refused with line, field, value and remedy, all faults at once', async () => {
    const error = await refusalOf(
      [line, line.replace('0.9', '1.5'), line.replace('"seed":1', '"seed":"one"'), '{"seed":1', line].join('\n'),
    );
    expect(error).toMatchObject({
      code: 'RESULT_INVALID',
      message: 'Line 2: validationAccuracy must be at most 1 (and 2 more, see errors)',
      field: 'lines[2].validationAccuracy',
      value: 1.5,
      remedy: 'Give a value of at most 1.',
      faults: [
        { field: 'lines[2].validationAccuracy' },
        { field: 'lines[3].seed', detail: 'must be a finite number, not a string', value: 'one' },
        { field: 'lines[4]' },
      ],
    });
  });

  it.each([
    ['an accuracy below 0', '"validationAccuracy":-0.1', 'validationAccuracy'],
    ['an infinite accuracy', '"validationAccuracy":1e999', 'validationAccuracy'],
    ['neither accuracy nor failure', '"steps":4', 'validationAccuracy'],
    ['both of them', '"validationAccuracy":0.9,"failure":"TRIAL_DIVERGED"', 'failure'],
    ['a failure that no trial has', '"failure":"NOT_FOUND"', 'failure'],
    ['a failure without its code', '"state":"failed","validationAccuracy":0.9', 'failure'],
    ['a misspelt field', '"validationAccuracy":0.9,"accuracy":0.9', 'accuracy'],
    ['a ranking trial on the test split', '"validationAccuracy":0.9,"testAccuracy":0.9', 'testAccuracy'],
    ['a test trial without it', '"purpose":"test","validationAccuracy":0.9', 'testAccuracy'],
    ['text that cannot be stored', '"validationAccuracy":0.9,"weightsHash":"a\\u0000b"', 'weightsHash'],
  ])('are refused with %s', async (_what, fields, field) => {
    const { code, field: found } = await refusalOf(`{"fingerprint":"f","seed":1,${fields}}`);
    expect({ code, field: found }).toEqual({ code: 'RESULT_INVALID', field: `lines[1].${field}` });
  });

  it('are refused where a line names no candidate, or a point in part', async () => {
    expect((await refusalOf('{"seed":1,"validationAccuracy":0.9}')).field).toBe('lines[1].fingerprint');
    const point = '{"alpha":1,"beta":1,"seed":1,"validationAccuracy":0.9}';
    expect((await refusalOf(point)).field).toBe('lines[1].fingerprint');
  });

  it('are refused where there are none, where they are no UTF-8, and where a line has no end', async () => {
    expect(await refusalOf('\n')).toMatchObject({ field: 'body', message: 'There is no line of results' });
    expect(await refusalOf(Uint8Array.of(0x7b, 0xff))).toMatchObject({ field: 'body' });
    expect((await refusalOf(`${line}\n${'x'.repeat(100_000)}`)).message).toMatch(/^Line 2 cannot be read/u);
  });

  it('of trials without a result are lines too', async () => {
    const waiting = '{"fingerprint":"f","seed":1,"state":"queued","validationAccuracy":null,"steps":null}';
    expect(await parse(waiting)).toMatchObject([{ line: 1, told: { state: 'queued' } }]);
  });

  it('tell of no more than a hundred faults', async () => {
    const error = await refusalOf(`${line.replace('0.9', '2')}\n`.repeat(150));
    expect(error.message).toContain('(and 149 more, errors lists the first 100)');
    expect(error.faults).toHaveLength(100);
  });
});

describe('results as comma-separated values', () => {
  it.each([1, 1000])('are the same however they arrive, %i bytes at a time', async (bytes) => {
    const text =
      'fingerprint,seed,validationAccuracy,steps,weightsHash,failure\r\n' +
      '1e5,1,.5,,"a ""b"",\nc",\r\n\r\n"123",2,,10,,TRIAL_DIVERGED\r\n';
    expect(await parse(text, 'csv', bytes)).toEqual([
      {
        line: 3,
        told: { purpose: 'ranking', fingerprint: '1e5', seed: 1, validationAccuracy: 0.5, weightsHash: 'a "b",\nc' },
      },
      { line: 5, told: { purpose: 'ranking', fingerprint: '123', seed: 2, steps: 10, failure: 'TRIAL_DIVERGED' } },
    ]);
  });

  it('are refused with what is no number, by line', async () => {
    expect(await refusalOf('fingerprint,seed,validationAccuracy\nf,1,0.5\nf,2,nan\n', 'csv')).toMatchObject({
      field: 'lines[3].validationAccuracy',
      value: 'nan',
      message: 'Line 3: validationAccuracy must be a finite number, not a string',
    });
  });

  it('are refused where rows differ in length, and where a quote stays open', async () => {
    expect(await refusalOf('fingerprint,seed\nf,1\nf,1,0.5\n', 'csv')).toMatchObject({
      code: 'RESULT_INVALID',
      field: 'lines[3]',
    });
    expect(await refusalOf('fingerprint,seed\n"f,1\n', 'csv')).toMatchObject({ code: 'RESULT_INVALID' });
    expect(await refusalOf('', 'csv')).toMatchObject({ field: 'body' });
    expect(await refusalOf(Uint8Array.of(0xff), 'csv')).toMatchObject({ field: 'body' });
  });
});
