import { storableText } from '@compound-search/contracts';

/** A document as jsonb takes it. Text in it that PostgreSQL cannot hold is repaired: it comes from trials and files. */
export function jsonText(document: unknown): string {
  return JSON.stringify(document, (_key, value: unknown) => (typeof value === 'string' ? storableText(value) : value));
}
