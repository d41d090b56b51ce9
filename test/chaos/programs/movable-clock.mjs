// Loaded before a worker's own modules: its clock, and that of its trainings, is off by the hours that a file says, from
// the moment that it says so. Timers keep their pace, as they do when a clock is set.
import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

const file = process.env.CHAOS_CLOCK_FILE;
const RealDate = Date;
let milliseconds = 0;

function readOffset() {
  try {
    milliseconds = Number(readFileSync(file, 'utf8')) * 3_600_000;
  } catch {
    milliseconds = 0;
  }
}

readOffset();
setInterval(readOffset, 100).unref();

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + milliseconds);
    else super(...args);
  }

  static now() {
    return RealDate.now() + milliseconds;
  }
};
