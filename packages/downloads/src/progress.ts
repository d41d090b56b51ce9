import { Presets, SingleBar } from 'cli-progress';

/** Shows how far a download is. */
export interface Progress {
  /** @param bytes how many have arrived */
  readonly update: (bytes: number) => void;
  readonly end: () => void;
}

/** Where progress is shown: a terminal, or anything that takes lines. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

const megabyte = 1_000_000;
const lineStep = 0.1;

/**
 * A bar on a terminal, and a line per tenth where the output is not one.
 * @param totalBytes size of all that is to come
 */
export function createProgress(label: string, totalBytes: number, stream: ProgressStream): Progress {
  return stream.isTTY ? bar(label, totalBytes, stream) : lines(label, totalBytes, stream);
}

function bar(label: string, totalBytes: number, stream: ProgressStream): Progress {
  const format = `${label} [{bar}] {percentage}% of ${inMegabytes(totalBytes)}, {eta_formatted} left`;
  const options = { format, hideCursor: true, stopOnComplete: false, stream };
  const display = new SingleBar(options, Presets.shades_classic);
  display.start(totalBytes, 0);
  return {
    update: (bytes) => display.update(Math.min(bytes, totalBytes)),
    end: () => display.stop(),
  };
}

function lines(label: string, totalBytes: number, stream: ProgressStream): Progress {
  let nextShare = lineStep;
  stream.write(`${label}: ${inMegabytes(totalBytes)}\n`);
  return {
    update: (bytes) => {
      const share = Math.min(bytes / totalBytes, 1);
      if (share < nextShare) return;
      stream.write(`${label}: ${Math.floor(share * 100)}%\n`);
      nextShare = Math.floor(share / lineStep + 1) * lineStep;
    },
    end: () => undefined,
  };
}

function inMegabytes(bytes: number): string {
  return `${(bytes / megabyte).toFixed(bytes < 10 * megabyte ? 1 : 0)} MB`;
}
