import type { Access } from '@compound-search/contracts';
import { type Command, Option } from 'commander';

import { announce } from '../service/announce.ts';
import { setUpGpuBuild } from '../service/gpu-build.ts';
import { chooseDataFolder } from '../service/service-url.ts';
import { type Stack, StartAbortedError, startStack } from '../service/stack.ts';
import { aborted, type ShutdownSignals } from '../supervision/shutdown-signals.ts';
import { print, say } from '../terminal.ts';
import { integerBetween } from './arguments.ts';
import type { CommandContext } from './context.ts';

interface ServeOptions {
  readonly data?: string;
  readonly port?: number;
  readonly slots?: number;
  readonly gpu?: boolean;
  readonly access?: Access;
}

/** Keeps a local service up until a signal ends it. */
export function addServe(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description(
      'start the service: PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL name some), API and worker',
    )
    .option('--data <folder>', 'where everything is kept (.data in the repository)')
    .option('--port <number>', 'port of the API; 0 takes any free one (3210)', integerBetween(0, 65_535))
    .option('--slots <count>', 'trials at once (as many as there are cores)', integerBetween(1, 1024))
    .addOption(
      new Option(
        '--access <who>',
        'who may use it: holders of keys, or anyone who reaches it, deletion included (anyone on loopback, else keys)',
      ).choices(['keys', 'anyone'] satisfies Access[]),
    )
    .option('--gpu', 'train with the CUDA build of TensorFlow; fetched where it is not there')
    .action(async (options: ServeOptions) => serve(context, options));
}

async function serve(context: CommandContext, options: ServeOptions): Promise<void> {
  const { environment, terminal } = context;
  const signals = context.shutdownSignals();
  const dataFolder = chooseDataFolder(environment, options.data);
  try {
    if (options.gpu === true) await setUpGpuBuild(signals.stop);
    const stack = await startStack({
      environment,
      dataFolder,
      port: options.port,
      slots: options.slots,
      access: options.access,
      signals,
      onEvent: (event) => {
        const text = announce(event);
        if (text !== undefined) say(terminal, text);
      },
    });
    print(terminal, welcome(stack.url, dataFolder));
    await keepUp(stack, signals, (text) => say(terminal, text));
  } catch (error) {
    if (!(error instanceof StartAbortedError)) throw error;
    say(terminal, 'Stopped.');
  } finally {
    signals.dispose();
  }
}

async function keepUp(stack: Stack, signals: ShutdownSignals, tell: (text: string) => void): Promise<void> {
  const failure = await Promise.race([stack.gaveUp, aborted(signals.stop)]);
  tell(failure === undefined ? 'Stopping; once more to hasten.' : 'Stopping, since a part cannot be kept alive.');
  await stack.stop();
  if (failure !== undefined) throw failure;
  tell('Stopped.');
}

const example = {
  baseline: 'efficientnet-micro',
  dataset: 'mnist',
  grid: { alpha: [1, 1.2, 1.4], beta: [1, 1.1, 1.2], gamma: [1, 1.15, 1.3] },
} as const;

function welcome(url: string, dataFolder: string): string {
  return `
compound-search listens at ${url}
  page            ${url}/
  documentation   ${url}/docs
  data and logs   ${dataFolder}
  stop            Ctrl-C

Start a search:
  curl -s ${url}/v1/searches -H 'content-type: application/json' -d '${JSON.stringify(example)}'
`;
}
