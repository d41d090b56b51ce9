import { type Level, type Logger, pino } from 'pino';

/** Lines that cannot be written are kept up to this size, in bytes, for the time when they can be; further ones are lost. */
const KEPT_BYTES = 2 ** 20;

export interface LoggerOptions {
  /** Of the program, on every line. */
  readonly name: string;
  readonly level: Level | 'silent';
}

/**
 * A log of JSON lines on standard output, each written before the call returns.
 *
 * Standard output is a file on most machines. Where its disk is full, pino's own destination ends the process at the
 * first line, and its `fatal` tries in a loop that holds the process up until there is room. A line is worth neither, so
 * lines wait for the next one that can be written.
 */
export function createLogger({ name, level }: LoggerOptions): Logger {
  const output = pino.destination({ dest: 1, sync: true, maxLength: KEPT_BYTES });
  output.on('error', () => undefined);
  // Without its flushSync, which is the loop; there is nothing to flush where every line is written at once.
  return pino({ name, level }, { write: (line) => void output.write(line) });
}
