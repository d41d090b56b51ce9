import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyBaseLogger } from 'fastify';

import { problemMediaType, toProblem } from './problem.ts';

/** Answers what Node refuses before there is a request: bytes that are no HTTP, too many of them, or too late ones. */
export type ClientErrorHandler = (error: NodeJS.ErrnoException, socket: Socket) => void;

/** The handler for a server whose connections it has been told of by {@link watchResponses}. */
export function clientErrorHandler(log: Pick<FastifyBaseLogger, 'info'>, responses: OpenResponses): ClientErrorHandler {
  return (error, socket) => {
    // The client has gone: there is nobody to answer.
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const id = randomUUID();
    const refusal = refusalOf(error.code);
    log.info({ reqId: id, code: refusal.code, reason: error.code }, 'the request was refused');
    if (socket.writable && !isAnswering(responses, socket)) socket.write(answerText(refusal, id));
    socket.destroySoon();
  };
}

/** Responses of a connection that are not yet sent to their end. */
export type OpenResponses = WeakMap<Socket, Set<ServerResponse>>;

/** Follows which responses each connection of a server has open. */
export function watchResponses(server: Server, responses: OpenResponses): void {
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const open = responses.get(socket) ?? new Set();
    responses.set(socket, open.add(response));
    response.once('close', () => open.delete(response));
  });
}

/** Whatever were written now would become part of an answer that is half sent. */
function isAnswering(responses: OpenResponses, socket: Socket): boolean {
  return [...(responses.get(socket) ?? [])].some(({ headersSent }) => headersSent);
}

function refusalOf(reason: string | undefined): CompoundSearchError {
  switch (reason) {
    case 'HPE_HEADER_OVERFLOW':
      return new CompoundSearchError(
        'HEADERS_TOO_LARGE',
        'The path and the headers are longer than the service accepts',
        {
          remedy: 'Send shorter headers and a shorter path; together they may have 16 KiB.',
        },
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new CompoundSearchError('REQUEST_TIMEOUT', 'The request did not arrive in time', {
        remedy: 'Send it again over another connection.',
      });
    default:
      return new CompoundSearchError('MALFORMED_REQUEST', 'The request is not valid HTTP', {
        remedy: 'Send requests with an HTTP client; the service speaks HTTP/1.1, and no TLS by itself.',
      });
  }
}

function answerText(refusal: CompoundSearchError, id: string): string {
  const body = JSON.stringify(toProblem(refusal, id));
  return [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    `Content-Type: ${problemMediaType}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
