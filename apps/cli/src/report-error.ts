import { CompoundSearchError, escapeControls } from '@compound-search/contracts';
import { ApiError } from '@compound-search/sdk';

interface Explained {
  readonly code: string;
  readonly message: string;
  readonly field: string | undefined;
  readonly value: unknown;
  readonly remedy: string | undefined;
}

/**
 * An error as one line: code, what is wrong, where, and what to do. Where a request has several faults each further one
 * has a line of its own. An error without a code is a bug, so it is shown with its stack.
 */
export function describeError(error: unknown): string {
  if (error instanceof ApiError) {
    const further = error.errors.filter(({ field }) => field !== error.field);
    // It is text of another program: a line break in it must not pass for a line of ours.
    return [line(error), ...further.map(({ field, detail }) => `  also ${field}: ${sentence(detail)}`)]
      .map(escapeControls)
      .join('\n');
  }
  if (error instanceof CompoundSearchError) return line(error);
  return `error INTERNAL: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function line(error: Explained): string {
  return [`error ${error.code}: ${sentence(error.message)}`, place(error), error.remedy ?? '']
    .filter((part) => part !== '')
    .join(' ');
}

function place({ field, value }: Explained): string {
  if (field === undefined) return '';
  return value === undefined ? `(${field})` : `(${field}: ${shorten(JSON.stringify(value))})`;
}

function sentence(text: string): string {
  return /[.!?\n]$/.test(text) ? text : `${text}.`;
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
