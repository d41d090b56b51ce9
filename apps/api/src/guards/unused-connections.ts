import type { Socket } from 'node:net';

import type { FastifyInstance } from 'fastify';

/**
 * Ends connections over which nothing has been asked yet when the service stops. Browsers and `fetch` open some ahead, also
 * when a stream of events ends, and Node waits for a minute for their first request.
 */
export function closeUnusedConnections(app: FastifyInstance): void {
  const unused = new Set<Socket>();
  let stopping = false;
  app.server.on('connection', (socket) => {
    if (stopping) {
      socket.destroy();
      return;
    }
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  app.server.on('request', ({ socket }) => unused.delete(socket));
  app.addHook('preClose', (done) => {
    stopping = true;
    for (const socket of unused) socket.destroy();
    done();
  });
}
