import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { fastify } from 'fastify';
import { expect, it } from 'vitest';

import { closeUnusedConnections } from '../../src/guards/unused-connections.ts';

it('do not hold up a service that stops', async () => {
  const app = fastify({ forceCloseConnections: 'idle' });
  closeUnusedConnections(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  await once(app.server, 'connection');
  const closed = once(socket.resume(), 'close');
  expect(await Promise.race([app.close().then(() => 'closed'), sleep(5000, 'it waits for a request')])).toBe('closed');
  await closed;
});
