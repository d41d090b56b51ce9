import { MIMEType } from 'node:util';

import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';

import { invalidRequest, type RequestPart } from './errors/invalid-request.ts';

/**
 * The service reads JSON and nothing else; any other media type is refused before it is read. An empty body counts as
 * none, since clients declare JSON for requests without a body too.
 */
export function parseJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    requireUtf8Declared(request.headers['content-type']);
    done(null, body.length === 0 ? undefined : parseJson(decodeUtf8(body)));
  });
  app.addHook('preParsing', (request, reply, _payload, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') {
      done();
      return;
    }
    // RFC 9110, 15.5.16: the header says that it is the coding that is not supported, and which ones are.
    void reply.header('accept-encoding', 'identity');
    throw new CompoundSearchError('UNSUPPORTED_MEDIA_TYPE', 'The body is compressed or encoded', {
      field: 'content-encoding',
      value: encoding,
      remedy: 'Send the JSON as it is, without the header content-encoding.',
    });
  });
}

const utf8Names: ReadonlySet<string> = new Set(['utf-8', 'utf8']);

function requireUtf8Declared(contentType: string | undefined): void {
  const charset = contentType === undefined ? null : new MIMEType(contentType).params.get('charset');
  if (charset === null || utf8Names.has(charset.toLowerCase())) return;
  throw new CompoundSearchError('UNSUPPORTED_MEDIA_TYPE', 'The body is declared in another encoding than UTF-8', {
    field: 'content-type',
    value: contentType,
    remedy: 'Send the JSON as UTF-8; the charset may be left out, since JSON has no other (RFC 8259, 8.1).',
  });
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new CompoundSearchError('MALFORMED_JSON', 'The body is not text in UTF-8', {
      field: 'body',
      remedy: 'Encode the JSON in UTF-8, as all JSON is that is sent (RFC 8259, 8.1).',
      cause,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CompoundSearchError('MALFORMED_JSON', 'The body is not valid JSON', {
      field: 'body',
      remedy: 'Send one JSON object, complete and without comments.',
      cause,
    });
  }
}

const parts: Readonly<Record<string, RequestPart>> = {
  body: 'body',
  querystring: 'querystring',
  params: 'params',
  headers: 'headers',
};

/** Validates a part of a request by its schema, and tells a misfit by field, value and remedy. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const part = parts[httpPart ?? 'body'] ?? 'body';
  return (input: unknown) => {
    const result = schema.safeParse(input);
    return result.success ? { value: result.data } : { error: invalidRequest(result.error, input, part) };
  };
};
