import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Answers a path that no route has with NOT_FOUND, whatever the method, and before any body is read. */
export function refuseUnknownPaths(app: FastifyInstance): void {
  app.setNotFoundHandler(refuse);
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) refuse(request);
    done();
  });
}

function refuse({ method, url }: FastifyRequest): never {
  throw new CompoundSearchError('NOT_FOUND', `There is nothing at ${method} ${url.slice(0, 200)}`, {
    remedy: 'See /openapi.json for all paths.',
  });
}
