/**
 * What PostgreSQL can hold, in a text column and in jsonb alike: every character but U+0000, and no half of a surrogate
 * pair, which is no character at all (SQLSTATE 22021, 22P05 and 22P02).
 */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/**
 * The text as it can be stored, with U+FFFD for each thing that cannot. For text that comes from a trial, whose record
 * must not be lost over it; what a person sends is refused instead.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
