import {
  CompoundSearchError,
  formatPath,
  type ResultLine,
  resultLineSchema,
  schemaFaults,
} from '@compound-search/contracts';

import { type LineFault, toLineError } from './line-faults.ts';
import { type NumberedRecord, readRecords } from './read-records.ts';
import type { ResultFormat } from './result-lines.ts';

/** A line of results that fits the schema. */
export interface NumberedLine {
  readonly line: number;
  readonly told: ResultLine;
}

/**
 * The lines of results in a text, which is read to its end: all that is wrong with them is told at once.
 *
 * @throws CompoundSearchError RESULT_INVALID
 */
export async function parseResults(bytes: AsyncIterable<Uint8Array>, format: ResultFormat): Promise<NumberedLine[]> {
  const lines: NumberedLine[] = [];
  const faults: LineFault[] = [];
  for await (const record of readRecords(bytes, format)) {
    const read = lineOf(record);
    if (Array.isArray(read)) faults.push(...read);
    else lines.push(read);
  }
  const [first, ...others] = faults;
  if (first !== undefined) throw toLineError('RESULT_INVALID', [first, ...others]);
  if (lines.length === 0) throw nothingToImport();
  return lines;
}

function lineOf({ line, value, malformed }: NumberedRecord): NumberedLine | LineFault[] {
  if (malformed !== undefined) {
    return [{ line, field: '', detail: `is not valid JSON: ${malformed}`, remedy: 'Give one JSON object a line.' }];
  }
  const parsed = resultLineSchema.safeParse(value);
  if (parsed.success) return { line, told: parsed.data };
  return schemaFaults(parsed.error, value).map((fault) => ({
    line,
    field: formatPath(fault.path),
    detail: fault.detail,
    remedy: fault.remedy,
    ...(fault.value === undefined ? {} : { value: fault.value }),
  }));
}

function nothingToImport(): CompoundSearchError {
  return new CompoundSearchError('RESULT_INVALID', 'There is no line of results', {
    field: 'body',
    remedy: 'Give one result a line; comma-separated values begin with the names of their columns.',
  });
}
