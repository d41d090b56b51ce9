/** What a cell may hold; null is an empty one. */
export type CsvValue = string | number | boolean | null;

/** With these a spreadsheet takes text for a formula (OWASP, CSV injection). */
const formulaStart = /^[=+\-@\t\r]/u;
const needsQuotes = /[",\r\n]/u;

function cell(value: CsvValue): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  // The apostrophe makes a spreadsheet show the rest as text; numbers are no text, and stay what they are.
  const text = formulaStart.test(value) ? `'${value}` : value;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as comma-separated values by RFC 4180: a header, lines that end with CR and LF, quotes where they are needed. */
export function toCsv<Row>(columns: Readonly<Record<string, (row: Row) => CsvValue>>, rows: readonly Row[]): string {
  const readers = Object.values(columns);
  const lines = [Object.keys(columns).map(cell), ...rows.map((row) => readers.map((read) => cell(read(row))))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}
