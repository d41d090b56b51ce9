/** The child's side of an engine process: reads commands from its standard input, one JSON a line, and answers each. */
import { createInterface } from 'node:readline';

import type { Job } from './job.ts';
import { commandSchema, type Ran, type Ready } from './protocol.ts';

/** An engine that has been set up on a job. */
export interface Engine {
  readonly description: string;
  /** Number of trained parameters that the engine counts itself. */
  readonly parameters: number;
  /** Trains step `step`, waits until it is done and gives its loss. */
  readonly train: (step: number) => number;
}

/** Warms an engine up as its job says, and then trains as many steps as each command says. */
export async function serveEngine(engine: Engine, job: Job): Promise<void> {
  let step = 0;
  const train = (steps: number): Ran => {
    const losses: number[] = [];
    const start = performance.now();
    const used = process.cpuUsage();
    for (let i = 0; i < steps; i += 1) {
      losses.push(engine.train(step));
      step += 1;
    }
    const { user, system } = process.cpuUsage(used);
    return {
      kind: 'ran',
      seconds: (performance.now() - start) / 1000,
      processorSeconds: (user + system) / 1e6,
      losses,
    };
  };
  const { losses } = train(job.agreementSteps);
  const start = performance.now();
  let secondsPerStep = 0;
  for (let i = 0; i < job.warmupSteps; i += 1) {
    const ran = train(1);
    losses.push(...ran.losses);
    secondsPerStep = ran.seconds;
    if (i > 0 && performance.now() - start >= job.warmupSeconds * 1000) break;
  }
  const { description, parameters } = engine;
  answer({ kind: 'ready', description, parameters, losses, secondsPerStep });
  for await (const line of createInterface({ input: process.stdin })) {
    answer(train(commandSchema.parse(JSON.parse(line)).steps));
  }
}

function answer(message: Ready | Ran): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
