import { errorCodes, type FastifyError } from 'fastify';
import { describe, expect, it } from 'vitest';

import { fromFramework } from '../../src/errors/framework-errors.ts';

const errors: FastifyError[] = Object.values(errorCodes).map((FrameworkError) => new FrameworkError());

describe('fromFramework', () => {
  it('never tells what is the fault of a client as an error of the service, nor the other way round', () => {
    const ofClient = errors.filter(({ statusCode }) => statusCode !== undefined && statusCode < 500);
    expect(ofClient.length).toBeGreaterThan(5);
    for (const error of errors) {
      const status = fromFramework(error)?.status ?? 500;
      expect({ code: error.code, ofClient: status < 500 }).toEqual({
        code: error.code,
        ofClient: ofClient.includes(error),
      });
    }
  });

  it.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 'BODY_TOO_LARGE'],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UNSUPPORTED_MEDIA_TYPE'],
    ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'MALFORMED_REQUEST'],
    ['FST_ERR_ROUTE_MISSING_CONTENT_TYPE', 'MALFORMED_REQUEST'],
    ['FST_ERR_BAD_URL', 'NOT_FOUND'],
    ['FST_ERR_MAX_PARAM_LENGTH', 'NOT_FOUND'],
  ] as const)('tells %s as %s', (name, code) => {
    expect(fromFramework(new errorCodes[name]())?.code).toBe(code);
  });

  it.each([
    ['a bug', new TypeError('x is undefined')],
    ['an error with a status of the service', Object.assign(new Error('no'), { statusCode: 503 })],
    ['no error at all', { statusCode: 400 }],
  ])('leaves %s to be told as INTERNAL', (_, error) => {
    expect(fromFramework(error)).toBeUndefined();
  });
});
