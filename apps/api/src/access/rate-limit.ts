import { CompoundSearchError } from '@compound-search/contracts';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Counts a request for somebody. @throws CompoundSearchError RATE_LIMITED where there were too many in this minute */
export type CountRequest = (somebody: string, request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * A limit of requests per minute, for each key and for each address without one. Each process of the service counts for
 * itself.
 *
 * @param most - 0 stands for no limit
 */
export async function limitRates(app: FastifyInstance, most: number): Promise<CountRequest> {
  if (most === 0) return () => Promise.resolve();
  const counted = new WeakMap<FastifyRequest, string>();
  await app.register(rateLimit, { global: false });
  const count = app.createRateLimit({
    max: most,
    timeWindow: '1 minute',
    keyGenerator: (request) => counted.get(request) ?? request.ip,
  });
  return async (somebody, request, reply) => {
    counted.set(request, somebody);
    const limit = await count(request);
    if (limit.isAllowed || !limit.isExceeded) return;
    void reply.header('retry-after', String(limit.ttlInSeconds));
    throw new CompoundSearchError('RATE_LIMITED', `There were more than ${most} requests in a minute`, {
      remedy: `Wait ${limit.ttlInSeconds} s, and ask less often; RATE_LIMIT of the service sets the limit.`,
    });
  };
}
