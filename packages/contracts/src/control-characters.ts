/**
 * What a terminal obeys instead of showing it: control characters (C0, DEL, C1), the line and paragraph separators, and
 * those that turn the direction of text around.
 */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Text of others as it can be shown on one line: each control character is written as JSON would escape it. */
export function escapeControls(text: string): string {
  return text.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
