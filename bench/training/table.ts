/** Lines of a table: the first `words` columns are aligned left, the others right. */
export function formatTable(rows: readonly (readonly string[])[], words: number): string[] {
  const columns = Math.max(...rows.map(({ length }) => length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    widths
      .map((width, column) =>
        column < words ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width),
      )
      .join('  ')
      .trimEnd(),
  );
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
