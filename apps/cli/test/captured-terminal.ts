import { PassThrough } from 'node:stream';

import type { Terminal, TextStream } from '../src/terminal.ts';

/** A terminal whose text a test can read. */
export interface CapturedTerminal {
  readonly terminal: Terminal;
  readonly output: () => string;
  readonly messages: () => string;
}

/** A stream that keeps what is written to it; `screen` makes it pass for a terminal. */
export function capturedStream(screen?: { readonly columns: number }): { stream: TextStream; text: () => string } {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  return {
    stream: screen === undefined ? stream : Object.assign(stream, { isTTY: true, columns: screen.columns }),
    text: () => chunks.join(''),
  };
}

export function captureTerminal(): CapturedTerminal {
  const output = capturedStream();
  const messages = capturedStream();
  return {
    terminal: { output: output.stream, messages: messages.stream },
    output: output.text,
    messages: messages.text,
  };
}
