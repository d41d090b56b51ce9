import { CompoundSearchError, type ErrorCode } from '@compound-search/contracts';

/** What is wrong with a line of results, counted from 1 as an editor does. */
export interface LineFault {
  readonly line: number;
  /** Of the line; empty for all of it. */
  readonly field: string;
  readonly detail: string;
  readonly remedy: string;
  readonly value?: unknown;
}

/** An answer lists no more. */
const mostFaults = 100;

/** The error that tells of them all, in the order of the lines; the first is its own. */
export function toLineError(
  code: Extract<ErrorCode, 'RESULT_INVALID' | 'RESULT_CONFLICT'>,
  faults: readonly [LineFault, ...LineFault[]],
): CompoundSearchError {
  const [first] = faults;
  return new CompoundSearchError(code, `${sentenceOf(first)}${countOthers(faults.length)}`, {
    field: placeOf(first),
    value: first.value,
    remedy: first.remedy,
    faults: faults
      .slice(0, mostFaults)
      .map((fault) => ({ field: placeOf(fault), detail: fault.detail, value: fault.value })),
  });
}

function placeOf({ line, field }: LineFault): string {
  return `lines[${line}]${field === '' ? '' : `.${field}`}`;
}

function sentenceOf({ line, field, detail }: LineFault): string {
  return `Line ${line}: ${field === '' ? 'it' : field} ${detail}`;
}

function countOthers(faults: number): string {
  if (faults === 1) return '';
  const listed = faults > mostFaults ? `errors lists the first ${mostFaults}` : 'see errors';
  return ` (and ${faults - 1} more, ${listed})`;
}
