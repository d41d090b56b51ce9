import { createServer } from 'node:net';

/** The only address that local services listen on. */
export const loopback = '127.0.0.1';

/** A port of the loopback address that nobody listens on, chosen by the operating system. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('The operating system has no free port on the loopback address.');
  return port;
}

/** Whether nobody listens on a port of the loopback address. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, loopback, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
