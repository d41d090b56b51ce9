import { BlockList, isIP } from 'node:net';

import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether an address to listen on, or a name in a request, means this machine alone. */
export function isLoopback(name: string): boolean {
  if (name.toLowerCase() === 'localhost') return true;
  const family = isIP(name);
  return family !== 0 && loopback.check(name, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Refuses requests under a name that is not the service's own. A web page whose own name was bound to the address of the
 * service (DNS rebinding) is of the same origin for its browser, so only the name tells it apart. The loopback names
 * are always allowed, with any port.
 *
 * @param names further names, as {@link hostnameOf} gives them; without any list every name is allowed
 */
export function guardHosts(app: FastifyInstance, names: readonly string[] | undefined): void {
  if (names === undefined) return;
  const allowed = new Set(names);
  app.addHook('onRequest', (request, _reply, done) => {
    // Absent only in HTTP/1.0, which no browser speaks.
    const { host } = request.headers;
    if (host !== undefined && !isProbe(request)) requireAllowed(host, allowed);
    done();
  });
}

/**
 * Supervisors ask every few seconds, often by an address that changes, and what they are told is no secret.
 */
export function isProbe({ url }: Pick<FastifyRequest, 'url'>): boolean {
  return url === '/healthz' || url === '/readyz';
}

function requireAllowed(host: string, allowed: ReadonlySet<string>): void {
  const hostname = hostnameOf(host);
  if (hostname !== undefined && (allowed.has(hostname) || isLoopback(hostname.replace(/^\[|\]$/g, '')))) return;
  throw new CompoundSearchError('HOST_NOT_ALLOWED', 'The service does not answer to the name in the header Host', {
    field: 'host',
    value: host,
    remedy: 'Use localhost, or list the name in COMPOUND_SEARCH_ALLOWED_HOSTS of the service.',
  });
}

/**
 * The name in a Host header as URLs normalize it, without its port: small letters, addresses in their shortest form,
 * IPv6 in brackets. Undefined for what is no host.
 */
export function hostnameOf(host: string): string | undefined {
  // A URL would take all this for a user, a path or nothing at all, and a star for a name.
  if (/[\s@/\\?#*]/.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/\.$/, '');
}
