import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import {
  databaseUrlSchema,
  logLevelSchema,
  parseEnvironment,
  queuePrefixSchema,
  redisUrlSchema,
} from '../src/index.ts';

const schema = z.object({
  DATABASE_URL: databaseUrlSchema,
  REDIS_URL: redisUrlSchema,
  QUEUE_PREFIX: queuePrefixSchema,
  LOG_LEVEL: logLevelSchema,
});
const servers = { DATABASE_URL: 'postgresql://127.0.0.1/search', REDIS_URL: 'redis://127.0.0.1:6379' };

describe('parseEnvironment', () => {
  it('fills in defaults, takes empty variables as absent and gives a frozen record of what it knows', () => {
    const environment = parseEnvironment(schema, { ...servers, LOG_LEVEL: '', HOME: '/somewhere' });
    expect(environment).toEqual({ ...servers, QUEUE_PREFIX: 'compound-search', LOG_LEVEL: 'info' });
    expect(Object.isFrozen(environment)).toBe(true);
  });

  it('lists every variable at fault at once', () => {
    const faulty = { DATABASE_URL: 'mysql://127.0.0.1/search', LOG_LEVEL: 'loud' };
    expect(() => parseEnvironment(schema, faulty)).toThrow(/DATABASE_URL[\s\S]*REDIS_URL[\s\S]*LOG_LEVEL/);
  });
});
