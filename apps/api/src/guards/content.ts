import { CompoundSearchError, isStorableText, networkDocumentSchema } from '@compound-search/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import {
  InvalidRequestError,
  type RepairableFault,
  requestFault,
  type RequestPart,
} from '../errors/invalid-request.ts';

/** Levels of lists and objects in one another. What people send has seven; much deeper JSON overflows what reads it. */
const deepestLevel = 32;

/**
 * Refuses what no request may contain, whatever its schema says: text that PostgreSQL cannot hold, `__proto__`, and JSON
 * that is nested too deeply. One walk over all that was sent, so that no route and no schema can forget it; it comes
 * before any other hook that reads the body.
 */
export function guardContent(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _reply, done) => {
    requireStorablePath(request.params);
    requirePlainContent(request, 'querystring', request.query);
    requirePlainContent(request, 'body', request.body);
    done();
  });
}

/** A name in a form that is never given out is one that does not exist. */
function requireStorablePath(params: unknown): void {
  for (const { path, value } of misfitsOf(params)) {
    throw new CompoundSearchError('NOT_FOUND', 'There is nothing at this path', {
      field: path.map(String).join('.'),
      value,
      remedy: 'See /openapi.json for all paths.',
    });
  }
}

function requirePlainContent({ routeOptions }: FastifyRequest, part: RequestPart, content: unknown): void {
  const isNetwork = part === 'body' && routeOptions.schema?.body === networkDocumentSchema;
  const faults: RepairableFault[] = [];
  for (const misfit of misfitsOf(content)) {
    const fault = requestFault(misfit.path, { input: content, part }, misfit);
    const code = misfit.isText ? networkCode(misfit.path, isNetwork) : undefined;
    if (code !== undefined) throw new CompoundSearchError(code, `${fault.field} ${fault.detail}`, fault);
    faults.push(fault);
  }
  const [first, ...others] = faults;
  if (first !== undefined) throw new InvalidRequestError([first, ...others]);
}

/** Text in a network, or in the name of one, is told as every other fault of it is. */
function networkCode(
  path: readonly PropertyKey[],
  isNetwork: boolean,
): 'NETWORK_INVALID' | 'UNKNOWN_BASELINE' | undefined {
  if (isNetwork) return 'NETWORK_INVALID';
  if (path[0] !== 'baseline') return undefined;
  return path.length === 1 ? 'UNKNOWN_BASELINE' : 'NETWORK_INVALID';
}

/** One thing that no request may contain. */
interface Misfit {
  readonly path: readonly PropertyKey[];
  readonly detail: string;
  readonly remedy: string;
  /** The text at fault, where it is short of nothing but a character. */
  readonly value?: string;
  readonly isText: boolean;
}

/** A value within the content, with the way to it. */
interface Node {
  readonly value: unknown;
  readonly key?: PropertyKey;
  readonly parent?: Node;
  /** Lists and objects around it. */
  readonly level: number;
}

/** Level by level and without recursion, since deep JSON is what it must survive. */
function* misfitsOf(content: unknown): Generator<Misfit> {
  const nodes: Node[] = [{ value: content, level: 0 }];
  // The list grows while it is read.
  for (const node of nodes) {
    const misfit = misfitAt(node);
    if (misfit !== undefined) yield misfit;
    else
      for (const [key, value] of entriesOf(node.value)) nodes.push({ key, value, parent: node, level: node.level + 1 });
  }
}

function entriesOf(value: unknown): Iterable<readonly [PropertyKey, unknown]> {
  if (Array.isArray(value)) return value.entries();
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function misfitAt(node: Node): Misfit | undefined {
  const { key, value, level } = node;
  if (key === '__proto__') return { path: pathTo(node), isText: false, ...prototypeName };
  if (typeof key === 'string' && !isStorableText(key)) {
    return { path: pathTo(node), isText: true, ...unstorable(key, 'has a name that holds') };
  }
  if (typeof value === 'string' && !isStorableText(value)) {
    return { path: pathTo(node), isText: true, value, ...unstorable(value, 'holds') };
  }
  if (level < deepestLevel || typeof value !== 'object' || value === null) return undefined;
  // The whole path would be hard to read, so the outermost field stands for it.
  const path = pathTo(node)
    .slice(0, 1)
    .filter((outermost) => typeof outermost === 'string');
  return { path, isText: false, ...tooDeep };
}

function pathTo(node: Node): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let at: Node | undefined = node; at?.key !== undefined; at = at.parent) path.unshift(at.key);
  return path;
}

const prototypeName = {
  detail: 'is a name that no field may have',
  remedy: 'Remove it, or give the field another name.',
};

const tooDeep = {
  detail: `is nested more than ${deepestLevel} levels deep`,
  remedy: 'See /openapi.json for the schema; nothing in it is nested so deeply.',
};

function unstorable(text: string, holds: string): { readonly detail: string; readonly remedy: string } {
  const what = text.includes('\0') ? 'U+0000' : 'half of a surrogate pair';
  return {
    detail: `${holds} ${what}, which cannot be stored`,
    remedy: 'Remove the character; all others are kept as they are.',
  };
}
