import type { FastifyReply, FastifyRequest } from 'fastify';

/** An answer that depends on a search, and the revision that the search had before it is read. */
export interface ConditionalAnswer<T> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly revision: number;
  readonly read: () => Promise<T>;
}

/** What the description of such a route says; OpenAPI's responses list bodies, and a 304 has none. */
export const conditionalNote =
  'With an ETag: a client that sends it back in If-None-Match gets 304 without a body while nothing has changed.';

/** Of how a revision is shown: raise it when the same revision comes to be shown in another way. */
const representation = 1;

/**
 * Answers 304 without a body where the client has what it asks for (RFC 9110, section 13.1.2), else what is read. A
 * change between the revision and the reading only makes the next answer a whole one too.
 */
export async function answerIfChanged<T>({ request, reply, revision, read }: ConditionalAnswer<T>): Promise<T> {
  const tag = `W/"${representation}.${revision}"`;
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim()) ?? [];
  if (known.includes(tag) || known.includes('*')) {
    void reply.header('etag', tag).code(304);
    // The type of a route speaks of its bodies; a 304 has none.
    return undefined as T;
  }
  const answer = await read();
  void reply.header('etag', tag);
  return answer;
}
