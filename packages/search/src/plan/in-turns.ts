import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long one turn of work may hold the event loop, in milliseconds. */
const turn = 10;

/** Runs a computation that yields after each of its steps, and lets other requests go on in between. */
export async function inTurns<Result>(steps: Generator<undefined, Result>): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < turn) continue;
    await nextTurn();
    since = performance.now();
  }
}
