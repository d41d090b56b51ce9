import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { lastWords } from '../../src/supervision/last-words.ts';

let folder = '';

function wordsOf(...lines: string[]): string {
  const file = path.join(folder, 'program.log');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return lastWords(file);
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'last-words-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the last words of a program', () => {
  it('are the last error of a structured log, not the last line', () => {
    const words = wordsOf(
      '{"level":60,"msg":"an old one"}',
      '{"level":60,"err":{"message":"password authentication failed"},"msg":"the service cannot start"}',
      '{"level":30,"msg":"bye"}',
    );
    expect(words).toBe('the service cannot start: password authentication failed');
  });

  it('have the remedy that an error brings', () => {
    const error = { message: 'there are no keys', remedy: 'Make one.' };
    expect(wordsOf(JSON.stringify({ level: 60, msg: 'the service has failed', err: error }))).toBe(
      'the service has failed: there are no keys. Make one.',
    );
  });

  it('are the line of an uncaught error, not the last line of its stack', () => {
    expect(wordsOf('SyntaxError: Unexpected token', '    at compile', 'Node.js v20.20.2')).toBe(
      'SyntaxError: Unexpected token',
    );
  });

  it('are the last line where no line is an error', () => {
    expect(wordsOf('starting', 'out of ideas')).toBe('out of ideas');
  });

  it('are found at the end of a long log', () => {
    const noise = Array.from({ length: 5000 }, (_, index) => `{"level":30,"msg":"request ${index}"}`);
    expect(wordsOf(...noise, '{"level":50,"msg":"broken"}')).toBe('broken');
  });

  it('are none where there is no log or nothing in it', () => {
    expect(wordsOf()).toBe('');
    expect(lastWords(path.join(folder, 'absent.log'))).toBe('');
  });
});
