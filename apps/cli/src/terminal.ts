import { escapeControls } from '@compound-search/contracts';

/** A stream that text goes to, and what is known of the screen behind it. */
export type TextStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Results go to the output, so that they can be piped; everything said on the way goes to the messages. */
export interface Terminal {
  readonly output: TextStream;
  readonly messages: TextStream;
}

/**
 * The one way to a stream. What is printed holds names and messages of others, which must not steer the terminal: of all
 * control characters only line breaks get through, the rest is escaped as in JSON.
 */
export function write(stream: TextStream, text: string): void {
  stream.write(text.split('\n').map(escapeControls).join('\n'));
}

/** Prints a result. */
export function print({ output }: Terminal, text: string): void {
  write(output, `${text}\n`);
}

/** Prints a result as JSON that both programs and people can read: short lists of numbers stand on one line. */
export function printJson(terminal: Terminal, value: unknown): void {
  // A line break never stands inside a JSON string, so only lists of numbers match.
  const text = JSON.stringify(value, null, 2).replaceAll(/\[\n[-+.\deE,\s]+\]/g, (list) =>
    list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
  print(terminal, text);
}

/** Says something on the way to a result. */
export function say({ messages }: Terminal, text: string): void {
  write(messages, `${text}\n`);
}

/** The streams of this process. A reader that has gone (`| head`, a closed terminal) is no reason to fail. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
  return { output: process.stdout, messages: process.stderr };
}
