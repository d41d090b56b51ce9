// A process that supervises a program until it is killed itself.
import { fileURLToPath } from 'node:url';

import { readEnvironment } from '../../src/env.ts';
import { supervisedProgram } from '../../src/supervision/supervised-program.ts';
import { Supervisor } from '../../src/supervision/supervisor.ts';

const { inherited } = readEnvironment();
const folder = inherited['FOLDER'] ?? '';
const supervisor = new Supervisor(
  supervisedProgram({
    name: 'program',
    entry: fileURLToPath(new URL('./program.mjs', import.meta.url)),
    nodeArguments: [],
    environment: () => ({ BEHAVIOUR: 'steady', DIARY: inherited['DIARY'], NAME: 'program' }),
    workingFolder: folder,
    logFile: `${folder}/program.log`,
    isReady: () => true,
  }),
);
await supervisor.ready;
process.send?.('ready');
