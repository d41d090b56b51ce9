import type { SearchStore } from '@compound-search/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';

import { found } from './requests.ts';

/** Composes the text of an answer; undefined where there is no such search. */
type Compose = () => Promise<string | undefined>;

/** Answers as they are sent, by revision and address. */
export type KeptAnswers = LRUCache<string, string, Compose>;

/** Some thirty megabytes: about 160 pages of 200 rows, which take 195 kB each. */
const mostCharacters = 32e6;

/**
 * Keeps what was answered at the newest revisions, so that however many watch a search, each of its states is read,
 * ranked and written out once; who asks while that is done waits for it.
 */
export function keepAnswers(maximumCharacters = mostCharacters): KeptAnswers {
  return new LRUCache<string, string, Compose>({
    maxSize: maximumCharacters,
    sizeCalculation: ({ length }) => Math.max(1, length),
    fetchMethod: (_key, _stale, { context }) => context(),
  });
}

/** An answer that depends on a search. */
export interface ConditionalAnswer<T> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly store: Pick<SearchStore, 'getRevision'>;
  readonly kept: KeptAnswers;
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
  const { request, reply, store, kept, searchId, form, read } = conditional;
  const revision = found(await store.getRevision(searchId), 'search', searchId);
  const tag = `W/"${representation}.${revision}${form === undefined ? '' : `.${form}`}"`;
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim()) ?? [];
  if (known.includes(tag) || known.includes('*')) {
    void reply.header('etag', tag).code(304);
    // The type of a route speaks of its bodies; a 304 has none.
    return undefined as T;
  }
  const compose = async (): Promise<string | undefined> => {
    const answer = await read();
    return answer === null ? undefined : writeOut(reply, answer);
  };
  const written = await kept.fetch(`${tag} ${request.url}`, { context: compose });
  const text = found(written ?? null, 'search', searchId);
  void reply.header('etag', tag);
  if (!reply.hasHeader('content-type')) void reply.type('application/json; charset=utf-8');
  // The type of a route speaks of a body before it is written out.
  return text as T;
}

/** JSON as the schema of the route has it, as fastify writes it itself; text, such as CSV, is written out already. */
function writeOut(reply: FastifyReply, answer: unknown): string {
  if (typeof answer === 'string') return answer;
  const serialize = reply.getSerializationFunction('200', 'application/json');
  if (serialize === undefined) throw new Error(`${reply.request.routeOptions.url} has no schema of its answer`);
  return serialize(answer as Record<string, unknown>);
}
