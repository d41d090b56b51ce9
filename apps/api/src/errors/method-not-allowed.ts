import { METHODS } from 'node:http';

import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** All that Node can read, the usual ones first. CONNECT asks for a tunnel, and Node ends such a connection itself. */
const methods = [...new Set(['GET', 'HEAD', 'POST', ...METHODS])].filter((method) => method !== 'CONNECT');

/**
 * Watches the routes that are registered from here on; the function returned adds to each path the methods that it
 * lacks, answering METHOD_NOT_ALLOWED with an Allow header (RFC 9110, 15.5.6) before any body is read.
 */
export function watchMethods(app: FastifyInstance): () => void {
  const supported = new Set(app.supportedMethods);
  for (const method of methods) if (!supported.has(method)) app.addHttpMethod(method);
  const offered = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = offered.get(url) ?? new Set<string>();
    for (const one of [method].flat()) known.add(one);
    offered.set(url, known);
  });
  return () => {
    // A copy, since the hook above also sees the routes that are added here.
    for (const [url, known] of [...offered]) {
      const allowed = methods.filter((method) => known.has(method));
      const missing = methods.filter((method) => !known.has(method));
      if (url.includes('*') || missing.length === 0) continue;
      app.route({ method: missing, url, schema: { hide: true }, onRequest: refuse(allowed), handler: refuse(allowed) });
    }
  };
}

function refuse(allowed: readonly string[]) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    void reply.header('allow', allowed.join(', '));
    return Promise.reject(
      new CompoundSearchError('METHOD_NOT_ALLOWED', `${request.method} is not offered here`, {
        field: 'method',
        value: request.method,
        remedy: `Use ${allowed.join(' or ')}.`,
      }),
    );
  };
}
