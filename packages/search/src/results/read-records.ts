import { Readable } from 'node:stream';

import { CompoundSearchError } from '@compound-search/contracts';
import { CsvError, parse } from 'csv-parse';

import { uncell } from '../csv.ts';
import type { ResultFormat } from './result-lines.ts';

/** A record of a text, and the line that it ends on, counted from 1; `malformed` says why there is none. */
export interface NumberedRecord {
  readonly line: number;
  readonly value?: unknown;
  readonly malformed?: string;
}

/** Characters of the longest line; what results look like takes a few hundred. */
const longestLine = 64 * 1024;

/**
 * The records of a text as it arrives: of JSON lines each line's value, of comma-separated values an object by the names in
 * the header, without empty cells and with numbers as such. Empty lines are none.
 *
 * @throws CompoundSearchError RESULT_INVALID where the rest cannot be read either: it is no UTF-8, a quote is never closed, a
 * line is too long.
 */
export function readRecords(bytes: AsyncIterable<Uint8Array>, format: ResultFormat): AsyncGenerator<NumberedRecord> {
  const text = decodeUtf8(bytes);
  return format === 'csv' ? csvRecords(text) : jsonRecords(text);
}

async function* decodeUtf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of bytes) yield decode(() => decoder.decode(chunk, { stream: true }));
  yield decode(() => decoder.decode());
}

function decode(read: () => string): string {
  try {
    return read();
  } catch (cause) {
    throw new CompoundSearchError('RESULT_INVALID', 'The body is not text in UTF-8', {
      field: 'body',
      remedy: 'Encode the results in UTF-8.',
      cause,
    });
  }
}

async function* jsonRecords(text: AsyncIterable<string>): AsyncGenerator<NumberedRecord> {
  let line = 0;
  for await (const content of linesOf(text)) {
    line += 1;
    if (content.trim() !== '') yield jsonRecord(line, content);
  }
}

function jsonRecord(line: number, content: string): NumberedRecord {
  try {
    return { line, value: JSON.parse(content) };
  } catch (error) {
    return { line, malformed: error instanceof Error ? error.message : String(error) };
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let line = 1;
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    line += lines.length;
    if (rest.length > longestLine) throw unreadable(line, `it has more than ${longestLine} characters`);
  }
  if (rest !== '') yield rest;
}

async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<NumberedRecord> {
  const parser = parse({ columns: true, info: true, skip_empty_lines: true, max_record_size: longestLine });
  const source = Readable.from(text);
  // An error of the text is thrown to whoever reads the records.
  source.once('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      yield { line: info.lines, value: withNumbers(record) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable(error['lines'], error.message, error);
  } finally {
    source.destroy();
  }
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** What numbers are not, such as `nan`, stays text, for the schema to refuse. */
function withNumbers(record: CsvRecord['record']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record)
      .map(([name, cell]) => [name, cell.trim()] as const)
      .filter(([, cell]) => cell !== '')
      .map(([name, cell]) => [name, numericColumns.has(name) && decimal.test(cell) ? Number(cell) : uncell(cell)]),
  );
}

/** The others are text, also where it looks like a number. */
const numericColumns: ReadonlySet<string> = new Set([
  ...['alpha', 'beta', 'gamma', 'seed'],
  ...['validationAccuracy', 'validationLoss', 'testAccuracy', 'steps', 'seconds'],
]);

function unreadable(line: unknown, reason: string, cause?: unknown): CompoundSearchError {
  return new CompoundSearchError('RESULT_INVALID', `Line ${String(line)} cannot be read: ${reason}`, {
    field: `lines[${String(line)}]`,
    remedy: 'Give one result a line, with quotes in pairs.',
    cause,
  });
}
