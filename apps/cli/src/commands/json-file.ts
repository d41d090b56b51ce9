import { readFileSync } from 'node:fs';

import { CompoundSearchError } from '@compound-search/contracts';

/** Whether an argument that may be a name or a file is meant as a file: no name has a slash or ends so. */
export function isFile(text: string): boolean {
  return text === '-' || text.includes('/') || text.endsWith('.json');
}

/**
 * What a JSON file holds; `-` is the standard input.
 *
 * @throws CompoundSearchError VALIDATION_FAILED where it cannot be read, MALFORMED_JSON where it is no JSON.
 */
export function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CompoundSearchError('MALFORMED_JSON', `The file ${file} is not valid JSON: ${reason}`, {
      field: 'file',
      value: file,
      remedy: 'Mend the file; it must hold one JSON object.',
      cause,
    });
  }
}

/** @throws CompoundSearchError VALIDATION_FAILED where the file cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new CompoundSearchError('VALIDATION_FAILED', `The file ${file} cannot be read`, {
      field: 'file',
      value: file,
      remedy: 'Check the path and that you may read it.',
      cause,
    });
  }
}
