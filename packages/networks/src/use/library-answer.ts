import type { LibraryUse } from '@compound-search/contracts';

/** That a library cannot build a network; `reason` is the end of a sentence that begins with the library's name. */
export function unavailable(library: string, reason: string): LibraryUse {
  return { arguments: null, code: null, reason: `${library} ${reason}.`, notes: [] };
}

/** How a library builds a network: its arguments and the lines of code that use them. */
export function available(
  values: NonNullable<LibraryUse['arguments']>,
  lines: readonly string[],
  notes: readonly string[],
): LibraryUse {
  return { arguments: values, code: lines.join('\n'), reason: null, notes: [...notes] };
}
