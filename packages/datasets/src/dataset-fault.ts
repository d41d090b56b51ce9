import { CompoundSearchError, escapeControls } from '@compound-search/contracts';

/** Faults that one message lists; the rest is counted. */
const listedFaults = 10;

/** DATASET_INVALID. `value` is the file or the data set at fault, `message` begins with what it is about. */
export function datasetFault(
  value: string,
  message: string,
  { remedy, cause }: { readonly remedy: string; readonly cause?: unknown },
): CompoundSearchError {
  return new CompoundSearchError('DATASET_INVALID', message, { field: 'dataset', value, remedy, cause });
}

/** The first faults, one after the other, and how many more there are. */
export function listFaults(faults: readonly string[]): string {
  const more = faults.length - listedFaults;
  return faults.slice(0, listedFaults).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/** A name of the disk as a message can show it; where U+FFFD stands for bytes that are no text, it is seen to. */
export function quoted(name: string): string {
  return escapeControls(JSON.stringify(name)).replaceAll('\uFFFD', String.raw`\ufffd`);
}

/** A name with every character beyond ASCII escaped, so that names which print alike can be told apart. */
export function escaped(name: string): string {
  return JSON.stringify(name).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
