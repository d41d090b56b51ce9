/**
 * Typed HTTP client of the service: one method a route, answers checked against the schemas of contracts.
 * The CLI uses it, and so may any other program; it imports contracts alone.
 */
export { ApiError } from './api-error.ts';
export { type Client, type ClientOptions, type CoefficientsOptions, createClient, type ResultText } from './client.ts';
export { type CreateOptions } from './create-search.ts';
export { type WatchedEvent } from './event-stream.ts';
export { type Page, type PageOptions } from './pages.ts';
export { withoutCredentials } from './service-address.ts';
export { type CurveOptions } from './trial-methods.ts';
export { type WaitOptions } from './wait-until-ended.ts';
export { type WatchOptions } from './watch-search.ts';
