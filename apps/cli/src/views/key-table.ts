import type { ApiKey } from '@compound-search/contracts';

import { renderTable } from '../formatting/table.ts';

/** One line a key. */
export function renderKeys(keys: readonly ApiKey[]): string {
  return renderTable(
    [{ title: 'name' }, { title: 'role' }, { title: 'made' }, { title: 'id' }],
    keys.map(({ name, role, createdAt, id }) => [name, role, createdAt, id]),
  );
}
