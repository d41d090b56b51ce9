import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Refuses what a browser sends on behalf of a page of another site, unless it only reads: a page cannot read answers
 * without leave, but a POST would be carried out. Browsers say where a request comes from in Sec-Fetch-Site (W3C Fetch
 * Metadata), where the connection is safe or local, and in Origin (RFC 6454); clients that are none send neither.
 *
 * @param allowedOrigins - pages of other sites that may do so
 */
export function guardCrossSite(app: FastifyInstance, allowedOrigins: readonly string[] = []): void {
  const allowed = new Set(allowedOrigins);
  app.addHook('onRequest', (request, _reply, done) => {
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && allowed.has(origin);
    if (!isAllowed && !safeMethods.has(request.method)) requireOwnSite(request);
    done();
  });
}

function requireOwnSite({ headers }: FastifyRequest): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    if (site === 'same-origin' || site === 'none') return;
    throw crossSite('sec-fetch-site', site);
  }
  if (origin !== undefined && !isOwnOrigin(origin, host)) throw crossSite('origin', origin);
}

/** Whether the page is of the host, and the port, that the request is for. */
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  const own = `${page.protocol}//${host ?? ''}`;
  return page.host !== '' && URL.canParse(own) && new URL(own).host === page.host;
}

function crossSite(field: string, value: unknown): CompoundSearchError {
  return new CompoundSearchError('CROSS_SITE_REQUEST', 'The request comes from a page of another site', {
    field,
    value,
    remedy: 'Use the pages of the service itself, or a client that is no web page.',
  });
}
