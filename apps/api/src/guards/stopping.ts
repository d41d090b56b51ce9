import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyInstance } from 'fastify';

/**
 * Refuses requests that come over an open connection while the service stops; those under way are answered. The server
 * must have been made with `return503OnClosing: false`, since Fastify's own answer is no problem document.
 */
export function guardStopping(app: FastifyInstance): void {
  let stopping = false;
  app.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  app.addHook('onRequest', (_request, _reply, done) => {
    if (stopping) {
      throw new CompoundSearchError('SERVICE_STOPPING', 'The service is about to stop', {
        remedy: 'Send the request again when the service is back.',
      });
    }
    done();
  });
}
