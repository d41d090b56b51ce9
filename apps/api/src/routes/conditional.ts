import type { SearchStore } from '@compound-search/store';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { found } from './requests.ts';

/** An answer that depends on a search. */
export interface ConditionalAnswer<T> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly store: Pick<SearchStore, 'getRevision'>;
  readonly searchId: string;
  /** Of several forms that one address is answered in, which: a client that has one of them does not have the other. */
  readonly form?: string;
  /** Null where there is no such search. */
  readonly read: () => Promise<T | null>;
}

/** What the description of such a route says; OpenAPI's responses list bodies, and a 304 has none. */
export const conditionalNote =
  'With an ETag: a client that sends it back in If-None-Match gets 304 without a body while nothing has changed.';

/** Of how a revision is shown: raise it when the same revision comes to be shown in another way. */
const representation = 1;

/**
 * Answers 304 without a body where the client has what it asks for (RFC 9110, section 13.1.2), else what is read. A
 * change between the revision and the reading only makes the next answer a whole one too.
 *
 * @throws CompoundSearchError NOT_FOUND where there is no such search.
 */
export async function answerIfChanged<T>(conditional: ConditionalAnswer<T>): Promise<T> {
  const { request, reply, store, searchId, form, read } = conditional;
  const revision = found(await store.getRevision(searchId), 'search', searchId);
  const tag = `W/"${representation}.${revision}${form === undefined ? '' : `.${form}`}"`;
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim()) ?? [];
  if (known.includes(tag) || known.includes('*')) {
    void reply.header('etag', tag).code(304);
    // The type of a route speaks of its bodies; a 304 has none.
    return undefined as T;
  }
  const answer = found(await read(), 'search', searchId);
  void reply.header('etag', tag);
  return answer;
}
