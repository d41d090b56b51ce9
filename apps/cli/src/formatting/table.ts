import { escapeControls } from '@compound-search/contracts';
import Table from 'cli-table3';

/** A column and how it stands. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * Rows under their headings, in the width that their content needs and without colours, so that it can be piped. Control
 * characters are escaped before the widths are known; a line break is one, so that no name makes a row of its own.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => row.map(escapeControls)));
  return table.toString();
}
