/** Calls `visit` for every item, at most `limit` at a time; a rejection is thrown once all others are done. */
export async function forEachAtOnce<Item>(
  items: readonly Item[],
  limit: number,
  visit: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const waiting = items.entries();
  const takeTurns = async (): Promise<void> => {
    for (const [index, item] of waiting) await visit(item, index);
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, takeTurns));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
