import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import { z } from 'zod';

const tailBytes = 16 * 1024;

// What pino writes: 50 is an error, 60 a fatal one.
const logLineSchema = z.object({
  level: z.number(),
  msg: z.string().optional(),
  err: z.object({ message: z.string(), remedy: z.string().optional() }).optional(),
});

/** The last error in a log, as JSON lines or plain text; empty where it holds none. */
export function lastWords(logFile: string): string {
  const lines = tail(logFile)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .reverse();
  for (const line of lines) {
    const words = errorIn(line);
    if (words !== undefined) return words;
  }
  return lines[0] ?? '';
}

function errorIn(line: string): string | undefined {
  if (!line.startsWith('{')) return /^\w*Error\b/.test(line) ? line : undefined;
  const parsed = logLineSchema.safeParse(parseJson(line));
  if (!parsed.success || parsed.data.level < 50) return undefined;
  const { msg, err } = parsed.data;
  const said = [msg, err?.message].filter((part) => part !== undefined && part !== '').join(': ');
  return err?.remedy === undefined ? said : `${said}. ${err.remedy}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tail(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    const read = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}
