/**
 * A program that ends by closeOnShutdown. Its first argument says how its close goes; it tells its parent when it is
 * ready, and what it logs is on its standard output, a JSON line each.
 */
import { closeOnShutdown } from '../src/index.ts';

const [behaviour = 'closes'] = process.argv.slice(2);
const closes: Record<string, () => Promise<void>> = {
  closes: () => Promise.resolve(),
  fails: () => Promise.reject(new Error('the close failed')),
  hangs: () => new Promise(() => undefined),
};

function line(level: string) {
  return (details: object, message: string): void => {
    const { reason, err } = details as { reason?: string; err?: unknown };
    console.log(JSON.stringify({ level, message, reason, error: err instanceof Error ? err.message : undefined }));
  };
}

let closed = 0;
closeOnShutdown({
  log: { info: line('info'), error: line('error'), fatal: line('fatal') },
  longestMilliseconds: behaviour === 'hangs' ? 60_000 : 2_000,
  close: async () => {
    closed += 1;
    console.log(JSON.stringify({ level: 'test', message: `close ${closed}` }));
    await (closes[behaviour] ?? (() => new Promise(() => undefined)))();
  },
});
process.on('message', (message) => {
  if (message === 'throw') throw new Error('nobody catches this');
  if (message === 'reject') void Promise.reject(new Error('nobody awaits this'));
});
setInterval(() => undefined, 60_000);
if (process.connected) process.send?.('ready');
