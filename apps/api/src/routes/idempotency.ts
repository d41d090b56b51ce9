import { createHash } from 'node:crypto';

import { idFrom } from '@compound-search/search';
import type { Creation } from '@compound-search/store';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

/** Other headers pass as they are. */
export const idempotencyHeadersSchema = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/u, { message: 'must be 1 to 255 printable ASCII characters without spaces' })
    .optional()
    .describe('A new one for every request; the same request with the same key again makes nothing new.'),
});

interface IdempotentRequest extends Pick<FastifyRequest, 'method' | 'url' | 'keyName'> {
  readonly headers: z.infer<typeof idempotencyHeadersSchema>;
  readonly body?: unknown;
}

/** What a request with an Idempotency-Key makes; undefined without one. Every holder of an API key has keys of their own. */
export function creationOf({ method, url, headers, body, keyName }: IdempotentRequest): Creation | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  // Validated bodies have their fields in the order of the schema, whatever the order in the request.
  const request = JSON.stringify([method, url, body ?? null]);
  return {
    id: idFrom(JSON.stringify([keyName, key])),
    requestHash: createHash('sha256').update(request).digest('hex'),
  };
}
