import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Longest time, in seconds, for which a browser need not ask again whether a page may send what it wants to send. */
const preflightSeconds = 600;

/**
 * Tells browsers what they may do with answers: they are data, to be shown in no frame, guessed into no other type and
 * read by pages of no other site but the origins that are allowed. The page at /docs says for itself what it loads.
 */
export async function guardBrowsers(app: FastifyInstance, allowedOrigins: readonly string[]): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // Whether there is TLS before the service is known to whoever put it there.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: allowedOrigins.length === 0 ? 'same-origin' : 'cross-origin' },
  });
  if (allowedOrigins.length === 0) return;
  await app.register(cors, {
    origin: [...allowedOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'location', 'retry-after'],
    maxAge: preflightSeconds,
    hideOptionsRoute: true,
  });
}
