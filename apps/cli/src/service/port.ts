import { createServer } from 'node:net';

import { CompoundSearchError } from '@compound-search/contracts';

/** The port where nothing else is said. */
export const defaultPort = 3210;

/** A port to listen on; 0 stands for any free one. */
export interface ChosenPort {
  readonly port: number;
  /** What a person should know of the choice. */
  readonly note?: string;
}

/**
 * A port that is asked for must be free; the default one gives way to any free one.
 *
 * @throws CompoundSearchError SERVICE_START_FAILED where a port that was asked for cannot be listened on.
 */
export async function choosePort(host: string, asked: number | undefined): Promise<ChosenPort> {
  const wanted = asked ?? defaultPort;
  if (wanted === 0) return { port: 0 };
  const fault = await listenFault(host, wanted);
  if (fault === undefined) return { port: wanted };
  if (asked === undefined && fault === 'EADDRINUSE') {
    return { port: 0, note: `Port ${defaultPort} is taken, so a free one is used.` };
  }
  throw new CompoundSearchError('SERVICE_START_FAILED', explain(fault, host, wanted), {
    field: 'port',
    value: wanted,
    remedy: 'Stop what listens there, or choose another port with --port; --port 0 takes any free one.',
  });
}

function explain(fault: string, host: string, port: number): string {
  if (fault === 'EADDRINUSE') return `Port ${port} of ${host} is taken by another process`;
  if (fault === 'EACCES') return `Port ${port} of ${host} may not be listened on by this user`;
  return `Port ${port} of ${host} cannot be listened on: ${fault}`;
}

/** Why a port cannot be listened on; undefined where it can. */
function listenFault(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
