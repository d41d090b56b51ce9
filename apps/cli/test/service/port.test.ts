import { createServer, type Server } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { choosePort, defaultPort } from '../../src/service/port.ts';

const loopback = '127.0.0.1';
let servers: Server[] = [];

/** Listens on a port, unless another process does so already, and returns the port. */
function occupy(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(port);
      else reject(error);
    });
    server.listen(port, loopback, () => {
      servers.push(server);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

beforeEach(() => {
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close();
});

describe('the port of the service', () => {
  it('is the one that is asked for, where it is free', async () => {
    const port = await occupy(0);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await choosePort(loopback, port)).toEqual({ port });
  });

  it('is refused where it is asked for and taken', async () => {
    const port = await occupy(0);
    await expect(choosePort(loopback, port)).rejects.toMatchObject({
      code: 'SERVICE_START_FAILED',
      field: 'port',
      value: port,
      message: `Port ${port} of 127.0.0.1 is taken by another process`,
    });
  });

  it('is any free one where the default is taken, and says so', async () => {
    await occupy(defaultPort);
    expect(await choosePort(loopback, undefined)).toEqual({
      port: 0,
      note: `Port ${defaultPort} is taken, so a free one is used.`,
    });
  });

  it('is any free one where that is asked for', async () => {
    expect(await choosePort(loopback, 0)).toEqual({ port: 0 });
  });

  it('is refused with the address at fault where this machine does not have it', async () => {
    // An address of TEST-NET-1 (RFC 5737), which no machine has.
    await expect(choosePort('192.0.2.1', 4711)).rejects.toThrow(/Port 4711 of 192\.0\.2\.1 cannot be listened on/);
  });
});
