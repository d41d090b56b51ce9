import { CompoundSearchError } from '@compound-search/contracts';
import { z } from 'zod';

/** Write conflict and deadlock (Prisma), serialization failure and deadlock (PostgreSQL, appendix A of its manual). */
const CONFLICT_CODES: ReadonlySet<string> = new Set(['P2034', '40001', '40P01']);

/** Prisma: server or database out of reach, timed out, connection closed, no connection free. */
const UNREACHABLE_PRISMA_CODES: ReadonlySet<string> = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037']);

/** PostgreSQL: connection exceptions, too many connections, shut down by an administrator, crashed, starting up. */
const UNREACHABLE_SQL_STATES = /^(08...|53300|57P0[123])$/;

/** Node's socket errors. */
const UNREACHABLE_SOCKET_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

const UNREACHABLE_KINDS: ReadonlySet<string> = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
]);

/** What `pg` 8 says of a lost or missing connection: these errors carry no code, so their text is all there is. */
const UNREACHABLE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error)/;

const errorShape = z.object({
  code: z.string().optional().catch(undefined),
  message: z.string().catch(''),
  meta: z
    .object({
      driverAdapterError: z.object({
        cause: z.object({ kind: z.string().catch(''), originalCode: z.string().optional().catch(undefined) }),
      }),
    })
    .optional()
    .catch(undefined),
});

function describe(error: unknown): { codes: string[]; kind: string; message: string } {
  const parsed = errorShape.safeParse(error);
  if (!parsed.success) return { codes: [], kind: '', message: '' };
  const { code, message, meta } = parsed.data;
  const cause = meta?.driverAdapterError.cause;
  return {
    codes: [code, cause?.originalCode].filter((one) => one !== undefined),
    kind: cause?.kind ?? '',
    message,
  };
}

/** Whether the same operation may succeed when it is run again at once. */
export function isWriteConflict(error: unknown): boolean {
  const { codes, kind } = describe(error);
  return kind === 'TransactionWriteConflict' || codes.some((code) => CONFLICT_CODES.has(code));
}

function isUnreachable(error: unknown): boolean {
  const { codes, kind, message } = describe(error);
  return (
    UNREACHABLE_KINDS.has(kind) ||
    UNREACHABLE_MESSAGES.test(message) ||
    codes.some(
      (code) =>
        UNREACHABLE_PRISMA_CODES.has(code) || UNREACHABLE_SQL_STATES.test(code) || UNREACHABLE_SOCKET_CODES.has(code),
    )
  );
}

/** `DEPENDENCY_UNAVAILABLE` where PostgreSQL cannot be reached; anything else is a bug and stays what it is. */
export function toStoreError(error: unknown): unknown {
  return isUnreachable(error)
    ? new CompoundSearchError('DEPENDENCY_UNAVAILABLE', 'PostgreSQL does not answer', {
        remedy: 'Check that PostgreSQL is running and that DATABASE_URL points to it.',
        cause: error,
      })
    : error;
}
