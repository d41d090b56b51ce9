import stringify from 'json-stringify-pretty-compact';

/** A request that is being written: an object of JSON, which may be none that the service would take. */
export type Draft = Readonly<Record<string, unknown>>;

/** Where a value stands in a request. */
export type FieldPath = readonly [string] | readonly [string, string];

/** A request as people write it: lists that fit stand on one line. */
export function formatRequest(request: object): string {
  return stringify(request, { maxLength: 80 });
}

/** What is written, or why it is no request. */
export function parseRequest(text: string): { readonly request: Draft } | { readonly fault: string } {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { request: value } : { fault: 'a request is an object in braces' };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** Undefined where there is none. */
export function valueAt(request: Draft, [first, second]: FieldPath): unknown {
  const value = request[first];
  if (second === undefined) return value;
  return isObject(value) ? value[second] : undefined;
}

/** The same request with another value; without the field where the value is undefined, so that its default holds. */
export function withValue(request: Draft, [first, second]: FieldPath, value: unknown): Draft {
  if (second === undefined) return withEntry(request, first, value);
  const outer = request[first];
  const inner = withEntry(isObject(outer) ? outer : {}, second, value);
  return withEntry(request, first, Object.keys(inner).length === 0 ? undefined : inner);
}

function withEntry(object: Draft, key: string, value: unknown): Draft {
  const { [key]: former, ...others } = object;
  if (value === undefined) return others;
  return former === undefined ? { ...others, [key]: value } : { ...object, [key]: value };
}

function isObject(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An axis as one writes it: values `1, 1.1, 1.2`, a range `1:2:0.1`, or `solve`; undefined where it is none of them. */
export function parseAxis(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === 'solve') return trimmed;
  const isRange = trimmed.includes(':');
  const values = trimmed.split(isRange ? ':' : ',').map(parseNumber);
  if (values.includes(undefined)) return undefined;
  if (!isRange) return values;
  const [from, to, step, ...rest] = values;
  return step === undefined || rest.length > 0 ? undefined : { from, to, step };
}

/** An axis of a request in that form; empty where it has none. */
export function formatAxis(axis: unknown): string {
  if (typeof axis === 'string') return axis;
  if (Array.isArray(axis)) return axis.join(', ');
  return isObject(axis) ? [axis['from'], axis['to'], axis['step']].join(':') : '';
}

/** Undefined for what is no number, an empty text included. */
export function parseNumber(text: string): number | undefined {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? undefined : number;
}

/** A word or number of a request for its field; empty where it has none. */
export function formatValue(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The kind of a strategy, which is written as a word or as an object of that kind. */
export function kindOf(strategy: unknown): string {
  return isObject(strategy) ? formatValue(strategy['kind']) : formatValue(strategy);
}
