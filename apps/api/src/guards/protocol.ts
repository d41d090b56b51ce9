import type { IncomingMessage, ServerResponse } from 'node:http';

import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyInstance } from 'fastify';

/**
 * Refuses what Node by itself would refuse without a body: no Host, or more than one, and an expectation that is not met
 * (RFC 9110, 7.2 and 10.1.1). The server must have been made with `requireHostHeader: false`.
 */
export function guardProtocol(app: FastifyInstance): void {
  const { server } = app;
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    requireOneHost(raw);
    requireNoExpectation(raw);
    done();
  });
}

function requireOneHost({ httpVersion, rawHeaders }: IncomingMessage): void {
  const hosts = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host');
  if (hosts.length === 1 || (hosts.length === 0 && httpVersion === '1.0')) return;
  throw new CompoundSearchError('MALFORMED_REQUEST', `The request has ${hosts.length} headers Host`, {
    field: 'host',
    remedy: 'Send one, with the name and the port of the service.',
  });
}

function requireNoExpectation({ headers: { expect } }: IncomingMessage): void {
  // Node meets this one by itself.
  if (expect === undefined || expect.toLowerCase() === '100-continue') return;
  throw new CompoundSearchError('EXPECTATION_FAILED', 'The only expectation that is met is 100-continue', {
    field: 'expect',
    value: expect,
    remedy: 'Leave out the header expect.',
  });
}
