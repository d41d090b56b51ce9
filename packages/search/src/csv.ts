import { stringify } from 'csv-stringify/sync';

/** What a cell may hold; null is an empty one. */
export type CsvValue = string | number | boolean | null;

/** With these a spreadsheet takes text for a formula (OWASP, CSV injection). */
const formulaStart = /^[=+\-@\t\r]/u;

/** The apostrophe makes a spreadsheet show the rest as text; numbers are no text, and stay what they are. */
function cell(value: CsvValue): CsvValue {
  return typeof value === 'string' && formulaStart.test(value) ? `'${value}` : value;
}

/** The text of a cell that {@link toCsv} has written. */
export function uncell(cell: string): string {
  return cell.startsWith("'") && formulaStart.test(cell.slice(1)) ? cell.slice(1) : cell;
}

export interface CsvOptions {
  /** Whether the names of the columns come first. @defaultValue true */
  readonly header?: boolean;
}

/** Rows as comma-separated values by RFC 4180: a header, lines that end with CR and LF, quotes where they are needed. */
export function toCsv<Row>(
  columns: Readonly<Record<string, (row: Row) => CsvValue>>,
  rows: readonly Row[],
  { header = true }: CsvOptions = {},
): string {
  const readers = Object.values(columns);
  return stringify(
    rows.map((row) => readers.map((read) => cell(read(row)))),
    {
      header,
      columns: Object.keys(columns),
      record_delimiter: 'windows',
      quoted_match: /[\r\n]/u,
      cast: { boolean: String },
    },
  );
}
