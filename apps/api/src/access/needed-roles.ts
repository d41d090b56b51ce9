import type { Role } from '@compound-search/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is needed for this route, where its method does not tell. */
    role?: NeededRole;
  }
  interface FastifyInstance {
    /** What every route needs, by method and path such as `GET /v1/searches/:id`. */
    readonly neededRoles: ReadonlyMap<string, NeededRole>;
  }
}

/** What a route needs of whoever calls it. */
export type NeededRole = Role | 'none';

const readers: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Supervisors have no key, and a description or a page without data is the same wherever this version runs. */
const openPaths = /^\/(healthz|readyz|openapi\.json|docs(\/.*)?|assets\/.*)$/;

/** What a request needs, by its route. */
export function neededRole({ method, routeOptions: { url = '', config } }: FastifyRequest): NeededRole {
  return roleFor(method, url, config.role);
}

/** A route nobody has thought of is one that changes something, unless its method says that it only reads. */
function roleFor(method: string, path: string, role: NeededRole | undefined): NeededRole {
  if (role !== undefined) return role;
  if (openPaths.test(path)) return 'none';
  if (readers.has(method)) return 'read';
  return method === 'DELETE' ? 'admin' : 'submit';
}

/** Lists what the routes need that are registered from here on. */
export function listNeededRoles(app: FastifyInstance): void {
  const roles = new Map<string, NeededRole>();
  app.decorate('neededRoles', roles);
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) roles.set(`${one} ${url}`, roleFor(one, url, config?.role));
  });
}
