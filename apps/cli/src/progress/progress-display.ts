import { escapeControls } from '@compound-search/contracts';
import { SingleBar } from 'cli-progress';

import { type TextStream, write } from '../terminal.ts';

/** How far something is. */
export interface Progress {
  /** 0 to 1. */
  readonly fraction: number;
  /** What is to be said, as the parts of one line. */
  readonly parts: readonly string[];
}

/** Shows how far a search or a trial is until it is ended. */
export interface ProgressDisplay {
  readonly update: (progress: Progress) => void;
  readonly end: () => void;
}

/** Between two lines where the output is no terminal, such as a log. */
const lineIntervalMilliseconds = 5000;

/** A bar that is redrawn in place on a terminal; anywhere else a line every few seconds. */
export function createProgressDisplay(stream: TextStream, now = () => performance.now()): ProgressDisplay {
  return stream.isTTY === true ? barDisplay(stream) : lineDisplay(stream, now);
}

/** A bar is drawn with escape sequences of its own, so what it says is escaped here. */
function lineOf(parts: readonly string[]): string {
  return escapeControls(parts.join(' | '));
}

function barDisplay(stream: TextStream): ProgressDisplay {
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
    update: ({ fraction, parts }) => {
      const payload = { text: lineOf(parts) };
      if (!isStarted) bar.start(1, 0, payload);
      isStarted = true;
      bar.update(fraction, payload);
    },
    end: () => {
      if (isStarted) bar.stop();
    },
  };
}

function lineDisplay(stream: TextStream, now: () => number): ProgressDisplay {
  let shownAt = -Infinity;
  let pending: string | undefined;
  const show = (line: string): void => {
    write(stream, `${line}\n`);
    shownAt = now();
    pending = undefined;
  };
  return {
    update: ({ parts }) => {
      const line = lineOf(parts).trim();
      if (now() - shownAt >= lineIntervalMilliseconds) show(line);
      else pending = line;
    },
    end: () => {
      if (pending !== undefined) show(pending);
    },
  };
}
