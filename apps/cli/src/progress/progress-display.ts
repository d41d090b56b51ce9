import { SingleBar } from 'cli-progress';

import type { TextStream } from '../terminal.ts';
import { progressParts, type ProgressState } from './progress-line.ts';

/** Shows how far a search is until it is ended. */
export interface ProgressDisplay {
  readonly update: (state: ProgressState) => void;
  readonly end: () => void;
}

/** Between two lines where the output is no terminal, such as a log. */
const lineIntervalMilliseconds = 5000;

/** A bar that is redrawn in place on a terminal; anywhere else a line every few seconds. */
export const createProgressDisplay = (stream: TextStream, now = () => performance.now()): ProgressDisplay =>
  stream.isTTY === true ? barDisplay(stream) : lineDisplay(stream, now);

const barDisplay = (stream: TextStream): ProgressDisplay => {
  const bar = new SingleBar({
    stream,
    format: '{bar} {text}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    // Cut, not wrapped: a bar of two lines cannot be redrawn in place.
    linewrap: false,
    fps: 5,
    gracefulExit: false,
  });
  let isStarted = false;
  return {
    update: (state) => {
      const payload = { text: progressParts(state).join(' | ') };
      if (!isStarted) bar.start(1, 0, payload);
      isStarted = true;
      bar.update(state.search.progress.fraction, payload);
    },
    end: () => {
      if (isStarted) bar.stop();
    },
  };
};

const lineDisplay = (stream: TextStream, now: () => number): ProgressDisplay => {
  let shownAt = -Infinity;
  let pending: string | undefined;
  const show = (line: string): void => {
    stream.write(`${line}\n`);
    shownAt = now();
    pending = undefined;
  };
  return {
    update: (state) => {
      const line = progressParts(state).join(' | ').trim();
      if (now() - shownAt >= lineIntervalMilliseconds) show(line);
      else pending = line;
    },
    end: () => {
      if (pending !== undefined) show(pending);
    },
  };
};
