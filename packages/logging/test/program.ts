/**
 * A program that logs. Its arguments are the lines of its log; on `make room` it lets its files grow from there on.
 * It says on standard error when it has come to its end.
 */
import { execFileSync } from 'node:child_process';

import { createLogger } from '../src/index.ts';

const logger = createLogger({ name: 'program', level: 'info' });
for (const line of process.argv.slice(2)) {
  if (line === 'make room') execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
  else if (line.startsWith('fatal')) logger.fatal(line);
  else logger.info(line);
}
process.stderr.write('came to its end');
