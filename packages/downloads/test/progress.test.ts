import { PassThrough } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { createProgress } from '../src/progress.ts';

function shown(stream: PassThrough): string {
  return String(stream.read() ?? '');
}

describe('the progress of a download', () => {
  it('is a line for each tenth where the output is not a terminal', () => {
    const stream = new PassThrough();
    const progress = createProgress('TensorFlow', 274_000_000, stream);
    for (let bytes = 0; bytes <= 274_000_000; bytes += 1_000_000) progress.update(bytes);
    progress.end();
    const tenths = Array.from({ length: 10 }, (_, index) => (index + 1) * 10);
    const lines = shown(stream).trimEnd().split('\n');
    expect(lines[0]).toBe('TensorFlow: 274 MB');
    expect(lines.slice(1).map((line) => Math.floor(Number(/(\d+)%$/.exec(line)?.[1]) / 10) * 10)).toEqual(tenths);
  });

  it('skips the tenths that passed between two looks', () => {
    const stream = new PassThrough();
    const progress = createProgress('Valkey', 1_660_853, stream);
    progress.update(1_000_000);
    progress.update(1_660_853);
    expect(shown(stream)).toBe('Valkey: 1.7 MB\nValkey: 60%\nValkey: 100%\n');
  });

  it('is a bar on a terminal, which never passes its end', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
    const progress = createProgress('TensorFlow', 10_000_000, stream);
    progress.update(20_000_000);
    progress.end();
    const text = shown(stream);
    expect(text).toContain('TensorFlow');
    expect(text).toContain('100% of 10 MB');
    expect(text).not.toContain('200%');
  });
});
