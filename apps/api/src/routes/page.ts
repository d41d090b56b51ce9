import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';

interface PageOptions {
  /** What the set-up has built of apps/dashboard. */
  readonly pageFolder: string;
}

/** All that the page loads and asks for is the service's own, and nobody may frame it. Forms are sent by its program. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';');

/** Their names have a hash of what is in them. */
const assets = { root: 'assets', maxAge: '365d', immutable: true };

/** The page at `/`, as files. They are the same for everybody and open to anyone: what they show is asked for under `/v1`. */
export async function pageRoutes(app: FastifyInstance, { pageFolder }: PageOptions): Promise<void> {
  if (!existsSync(join(pageFolder, 'index.html'))) {
    app.get('/', { schema: { hide: true }, config: { role: 'none' } }, () => Promise.reject(notBuilt()));
    return;
  }
  // A route a file: all other paths stay what they were, unknown ones too.
  await app.register(staticFiles, {
    root: join(pageFolder, assets.root),
    prefix: `/${assets.root}/`,
    wildcard: false,
    index: false,
    maxAge: assets.maxAge,
    immutable: assets.immutable,
  });
  app.get('/', { schema: { hide: true }, config: { role: 'none' } }, (_request, reply) =>
    reply
      .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' })
      .sendFile('index.html', pageFolder, { cacheControl: false }),
  );
}

function notBuilt(): CompoundSearchError {
  return new CompoundSearchError('NOT_FOUND', 'The page has not been built', {
    remedy:
      'Build it with npm run setup and start the service again. All that it shows is under /v1, described at /docs.',
  });
}
