import { CompoundSearchError } from '@compound-search/contracts';
import type { z } from 'zod';

import { parseJson, toApiError, toUnreadableAnswerError } from './api-error.ts';
import { pause } from './pause.ts';
import type { ServiceAddress } from './service-address.ts';

/** Where the service is, and how to reach it. */
export interface Transport extends ServiceAddress {
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMilliseconds: number;
  /** How often a call that may be repeated is sent again. */
  readonly retries: number;
}

/** One call; `path` is relative to the base URL, parameters that are undefined are left out. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** In the place of JSON, text of another type. */
  readonly upload?: { readonly type: string; readonly text: string | Uint8Array<ArrayBuffer> };
  readonly signal?: AbortSignal | undefined;
  /** The cursor from which a stream is to go on. */
  readonly lastEventId?: string | undefined;
  /** Makes a POST that creates something one that may be repeated. */
  readonly idempotencyKey?: string | undefined;
  /** Of a POST without a key, that it may be sent again when nobody knows whether it was carried out. */
  readonly isRepeatable?: boolean;
}

/** A POST that comes to the same however often it is sent. */
export const repeatablePost = { method: 'POST', isRepeatable: true } as const;

/** A POST that makes one thing, however often this one call is sent. */
export function creating(): Pick<Call, 'method' | 'idempotencyKey'> {
  return { method: 'POST', idempotencyKey: randomKey() };
}

/** 128 random bits; `crypto.randomUUID` is missing in pages that come without TLS from another machine. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** For whoever asks again and again anyway. */
export function onceEach(transport: Transport): Transport {
  return { ...transport, retries: 0 };
}

/** An answer as it came. */
interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  /** Seconds after which the service wants to be asked again. */
  readonly retryAfter: number | undefined;
}

/**
 * Sends a call and reads its answer by a schema.
 *
 * @throws ApiError where the service refuses or fails; CompoundSearchError DEPENDENCY_UNAVAILABLE where it cannot be
 * reached; the signal's reason where the caller gave up.
 */
export async function send<T extends z.ZodType>(transport: Transport, call: Call, answer: T): Promise<z.infer<T>> {
  const { status, body: bytes } = await exchange(transport, call);
  const body = textOf(bytes);
  if (!isSuccess(status)) throw toApiError(status, body);
  const parsed = answer.safeParse(parseJson(body));
  if (!parsed.success) throw toUnreadableAnswerError(status, parsed.error);
  return parsed.data;
}

/** Sends a call that is answered without a body. @throws as {@link send} */
export async function sendForNothing(transport: Transport, call: Call): Promise<void> {
  const { status, body } = await exchange(transport, call);
  if (!isSuccess(status)) throw toApiError(status, textOf(body));
}

/** Before the first retry; every further one waits twice as long. */
const firstPauseMilliseconds = 200;
/** A service that wants to be left alone for longer is not waited for. */
const longestPauseMilliseconds = 10_000;

/** Answers of what stands before a service that is away, or of a service that closes: RFC 9110, 15.6.3 to 15.6.5. */
export const gatewayStatuses: readonly number[] = [502, 503, 504];

/** Those, and that of a client that asks too often (RFC 6585, 4). */
const passingStatuses: ReadonlySet<number> = new Set([429, ...gatewayStatuses]);

/** What is as large as a file may take so many times as long as anything else. */
const filePatience = 20;

/** The same with the patience that files need. */
export function patient(transport: Transport): Transport {
  return { ...transport, timeoutMilliseconds: filePatience * transport.timeoutMilliseconds };
}

/** Sends a call whose answer is a file, and reads that. @throws as {@link send} */
export async function download(transport: Transport, call: Call): Promise<Uint8Array> {
  const { status, body } = await exchange(patient(transport), call);
  if (!isSuccess(status)) throw toApiError(status, textOf(body));
  return body;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

/** Sends a call, again and again where it may be repeated and what stands in its way passes by itself. */
async function exchange(transport: Transport, call: Call): Promise<Answer> {
  const retries = mayBeRepeated(call) ? transport.retries : 0;
  for (let retry = 0; retry < retries; retry += 1) {
    const wait = await tryOnce(transport, call);
    if (typeof wait !== 'number') return wait;
    await pause(Math.max(wait, firstPauseMilliseconds * 2 ** retry), call.signal);
  }
  return exchangeOnce(transport, call);
}

/** The answer, or for how many milliseconds to wait before another try. */
async function tryOnce(transport: Transport, call: Call): Promise<Answer | number> {
  try {
    const answer = await exchangeOnce(transport, call);
    const wait = 1000 * (answer.retryAfter ?? 0);
    return passingStatuses.has(answer.status) && wait <= longestPauseMilliseconds ? wait : answer;
  } catch (error) {
    // One that was silent for as long as the caller is patient has had its chance.
    if (!(error instanceof CompoundSearchError) || isTimeout(error.cause)) throw error;
    return 0;
  }
}

/** Methods other than POST come to the same however often they are sent (RFC 9110, 9.2.2), PATCH in this service too. */
function mayBeRepeated({ method, idempotencyKey, isRepeatable = method !== 'POST' }: Call): boolean {
  return idempotencyKey !== undefined || isRepeatable;
}

async function exchangeOnce(transport: Transport, call: Call): Promise<Answer> {
  const timeout = AbortSignal.timeout(transport.timeoutMilliseconds);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
  try {
    // Browsers refuse to have it called as a method of anything.
    const { fetch } = transport;
    const response = await fetch(urlOf(transport.baseUrl, call), {
      method: call.method,
      signal,
      headers: headersOf(transport, call),
      ...bodyOf(call),
    });
    // The body is read here too, since a service that dies in the middle of an answer is a lost connection as well.
    const body = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, body, retryAfter: secondsIn(response.headers.get('retry-after')) };
  } catch (error) {
    if (call.signal?.aborted === true) throw call.signal.reason;
    throw unreachable(transport, error);
  }
}

/** An answer that is read while it comes. */
export interface StreamedAnswer {
  /** Its media type. */
  readonly type: string;
  readonly texts: AsyncIterable<string>;
}

/**
 * Sends a call whose answer goes on for as long as its signal lets it.
 *
 * @throws ApiError where the service refuses; also while the texts are read, CompoundSearchError DEPENDENCY_UNAVAILABLE where
 * the connection is lost, and the signal's reason
 */
export async function openStream(transport: Transport, call: Call): Promise<StreamedAnswer> {
  const { fetch } = transport;
  const { signal, method } = call;
  const fail = (error: unknown): never => {
    if (signal?.aborted === true) throw signal.reason;
    throw unreachable(transport, error);
  };
  const headers = { accept: 'text/event-stream', ...headersOf(transport, call) };
  const given = { method, headers, ...(signal === undefined ? {} : { signal }) };
  const response = await fetch(urlOf(transport.baseUrl, call), given).catch(fail);
  if (!isSuccess(response.status)) throw toApiError(response.status, await response.text().catch(fail));
  return { type: response.headers.get('content-type') ?? 'of no type', texts: textsOf(response, fail) };
}

/** By a reader, since not all browsers iterate over streams. */
async function* textsOf({ body }: Response, fail: (error: unknown) => never): AsyncGenerator<string> {
  if (body === null) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read().catch(fail);
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

/** The header may hold a date too, which says nothing to a clock that is wrong. */
function secondsIn(retryAfter: string | null): number | undefined {
  return retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
}

function bodyOf({ body, upload }: Call): { readonly body?: string | Uint8Array<ArrayBuffer> } {
  if (upload !== undefined) return { body: upload.text };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

function headersOf(
  { authorization }: Transport,
  { body, upload, idempotencyKey, lastEventId }: Call,
): Record<string, string> {
  const type = upload?.type ?? (body === undefined ? undefined : 'application/json');
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
}

function urlOf(baseUrl: string, { path, query = {} }: Call): URL {
  const url = new URL(path, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function unreachable({ baseUrl, timeoutMilliseconds }: Transport, cause: unknown): CompoundSearchError {
  const reason = isTimeout(cause) ? `no answer within ${timeoutMilliseconds / 1000} s` : reasonOf(cause);
  return new CompoundSearchError('DEPENDENCY_UNAVAILABLE', `The service at ${baseUrl} cannot be reached: ${reason}`, {
    field: 'baseUrl',
    value: baseUrl,
    remedy: 'Start the service, or correct the base URL.',
    cause,
  });
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'TimeoutError';
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  UND_ERR_SOCKET: 'connection lost',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'the host name cannot be resolved now',
};

/** fetch says only "fetch failed"; what happened is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner: unknown = error.cause;
  if (inner instanceof Error) {
    const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
    return reasons[code] ?? (inner.message === '' ? code : inner.message);
  }
  return error.message;
}
