import { createHash } from 'node:crypto';

/** How often a statement is sent before it gets a name: those with a list of another length each time are never repeated. */
const USES_BEFORE_A_NAME = 5;
/** A connection keeps a plan for each name, so that there must be an end to them. */
const MOST_NAMES = 200;
const MOST_COUNTED = 2000;
/** PostgreSQL forgets such a statement with the next one. */
const UNNAMED = '';

/**
 * Names for statements that come again and again. PostgreSQL parses and plans a statement with a name once for each
 * connection instead of every time: planning is most of the work of those that a trial needs.
 */
export function nameRepeatedStatements(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  const uses = new Map<string, number>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= MOST_NAMES) return known ?? UNNAMED;
    const count = (uses.get(sql) ?? 0) + 1;
    if (count < USES_BEFORE_A_NAME) {
      if (uses.size >= MOST_COUNTED) uses.clear();
      uses.set(sql, count);
      return UNNAMED;
    }
    uses.delete(sql);
    const name = createHash('sha256').update(sql).digest('hex').slice(0, 32);
    names.set(sql, name);
    return name;
  };
}
