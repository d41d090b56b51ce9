import { CompoundSearchError } from '@compound-search/contracts';
import { z } from 'zod';

/** Write conflict and deadlock (Prisma), serialization failure and deadlock (PostgreSQL, appendix A of its manual). */
const CONFLICT_CODES: ReadonlySet<string> = new Set(['P2034', '40001', '40P01']);

/** A standby, or a server whose administrator has set it to read only. */
const READ_ONLY_SQL_STATE = '25006';

/** Prisma: server or database out of reach, timed out, connection closed, no connection free. */
const UNREACHABLE_PRISMA_CODES: ReadonlySet<string> = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037']);

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

/** A fault of PostgreSQL that passes, as a client sees it. */
interface Fault {
  readonly sqlStates: RegExp;
  readonly code: 'DEPENDENCY_UNAVAILABLE' | 'DEPENDENCY_SLOW';
  readonly message: string;
  readonly remedy: string;
}

const unreachable: Fault = {
  // Connection exceptions, too many connections, shut down by an administrator, crashed, starting up, idle for too long.
  sqlStates: /^(08...|53300|57P0[1235])$/,
  code: 'DEPENDENCY_UNAVAILABLE',
  message: 'PostgreSQL does not answer',
  remedy: 'Check that PostgreSQL is running and that DATABASE_URL points to it.',
};

const faults: readonly Fault[] = [
  unreachable,
  {
    sqlStates: new RegExp(`^${READ_ONLY_SQL_STATE}$`),
    code: 'DEPENDENCY_UNAVAILABLE',
    message: 'PostgreSQL takes no writes: it is a standby, or set to read only',
    remedy: 'Wait for the failover to end, or point DATABASE_URL to the server that takes writes.',
  },
  {
    // Insufficient resources, and errors of the file system.
    sqlStates: /^(53[012]00|58030)$/,
    code: 'DEPENDENCY_UNAVAILABLE',
    message: 'PostgreSQL lacks what it needs to write: disk or memory',
    remedy: 'Look into the log of PostgreSQL, and give its machine more disk or memory.',
  },
  {
    // Cancelled by statement_timeout or by an administrator, a lock not had in time, a transaction that stood still; and
    // Prisma's code for a transaction that it has not begun, or has undone, for want of time.
    sqlStates: /^(57014|55P03|25P03|P2028)$/,
    code: 'DEPENDENCY_SLOW',
    message: 'PostgreSQL took too long for a statement, and undid it',
    remedy: 'Try again. If it happens often, look for what keeps PostgreSQL busy or holds its locks.',
  },
];

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

/** Whether the server at the other end of the connection takes no writes. */
export function isReadOnly(error: unknown): boolean {
  return describe(error).codes.includes(READ_ONLY_SQL_STATE);
}

/** Whether PostgreSQL gave up a wait for a lock. */
export function isLockTimeout(error: unknown): boolean {
  return describe(error).codes.includes('55P03');
}

/** Whether a row with the same key is stored already: Prisma's code, and PostgreSQL's. */
export function isUniqueViolation(error: unknown): boolean {
  const { codes, kind } = describe(error);
  return kind === 'UniqueConstraintViolation' || codes.some((code) => code === 'P2002' || code === '23505');
}

function faultOf(error: unknown): Fault | undefined {
  const { codes, kind, message } = describe(error);
  const isUnreachable =
    UNREACHABLE_KINDS.has(kind) ||
    UNREACHABLE_MESSAGES.test(message) ||
    codes.some((code) => UNREACHABLE_PRISMA_CODES.has(code) || UNREACHABLE_SOCKET_CODES.has(code));
  return isUnreachable ? unreachable : faults.find(({ sqlStates }) => codes.some((code) => sqlStates.test(code)));
}

/** Whether the error is one of PostgreSQL's circumstances, which pass by themselves. */
export function isPassing(error: unknown): boolean {
  return faultOf(error) !== undefined;
}

/**
 * The error with a code of the catalogue where it passes by itself; anything else is a bug and stays what it is.
 *
 * `DEPENDENCY_SLOW`: PostgreSQL itself has ended the statement, so nothing of it is stored. `DEPENDENCY_UNAVAILABLE`:
 * the answer may have been lost on its way, so the statement may have been carried out.
 */
export function toStoreError(error: unknown): unknown {
  const fault = faultOf(error);
  if (fault === undefined) return error;
  return new CompoundSearchError(fault.code, fault.message, { remedy: fault.remedy, cause: error });
}

/** What {@link toStoreError} makes of a write that a server which takes none has refused. */
export function readOnlyError(): unknown {
  return toStoreError({ code: READ_ONLY_SQL_STATE, message: '' });
}
