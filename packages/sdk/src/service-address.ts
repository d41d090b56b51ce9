import { CompoundSearchError } from '@compound-search/contracts';

/** Where a service is, and who asks it. */
export interface ServiceAddress {
  /** The URL without user and password, so that it can be shown. */
  readonly baseUrl: string;
  /** Value of the header `Authorization` (RFC 7617); undefined where the URL names nobody. */
  readonly authorization: string | undefined;
}

/**
 * Takes user and password out of a URL: fetch refuses URLs that have them, and a message must not show them.
 *
 * @throws CompoundSearchError VALIDATION_FAILED where it is no URL of HTTP; the error does not show the password.
 */
export function parseServiceAddress(text: string): ServiceAddress {
  const url = parseUrl(text);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new CompoundSearchError('VALIDATION_FAILED', 'The base URL cannot be used', {
      field: 'baseUrl',
      value: withoutCredentials(text),
      remedy: 'Give a URL such as http://127.0.0.1:3210.',
    });
  }
  const { username, password } = url;
  if (username === '' && password === '') return { baseUrl: text, authorization: undefined };
  const credentials = base64(`${unescaped(username)}:${unescaped(password)}`);
  return { baseUrl: withoutCredentials(text), authorization: `Basic ${credentials}` };
}

/** The address of a service, and the key to it: one that is given comes before user and password in the URL. */
export function serviceAddress(baseUrl: string, key: string | undefined): ServiceAddress {
  const address = parseServiceAddress(baseUrl);
  return key === undefined ? address : { ...address, authorization: `Bearer ${key}` };
}

/** A URL, or what was meant as one, without user and password. */
export function withoutCredentials(text: string): string {
  const url = parseUrl(text);
  // Where the text is no URL nobody knows where a password ends: all that may belong to one goes.
  if (url === undefined || url.host === '') return text.replace(/^.*@/s, '...@');
  if (url.username === '' && url.password === '') return text;
  url.username = '';
  url.password = '';
  return url.href;
}

/** Of the UTF-8 bytes of a text. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** A percent sign that begins no escape stands for itself. */
function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
