import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readEnvironment } from '../../src/env.ts';
import {
  findLocalService,
  readServiceRecord,
  removeServiceRecord,
  writeServiceRecord,
} from '../../src/service/service-record.ts';
import { chooseServiceUrl, defaultUrl } from '../../src/service/service-url.ts';

const url = 'http://127.0.0.1:4711';
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'service-record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the record of a local service', () => {
  it('leads to the service while its process lives', () => {
    writeServiceRecord(folder, { url, pid: process.pid });
    expect(findLocalService(folder)).toBe(url);
    expect(readdirSync(folder)).toEqual(['service.json']);
  });

  it('leads nowhere once its process has ended', () => {
    const { pid } = spawnSync(process.execPath, ['--eval', '']);
    writeServiceRecord(folder, { url, pid });
    expect(findLocalService(folder)).toBeUndefined();
  });

  it('is taken back by its own process alone', () => {
    writeServiceRecord(folder, { url, pid: process.pid });
    removeServiceRecord(folder, process.pid + 1);
    expect(readServiceRecord(folder)).toEqual({ url, pid: process.pid });
    removeServiceRecord(folder, process.pid);
    expect(readServiceRecord(folder)).toBeUndefined();
  });

  it.each(['', '{', '{"url":"x"}', '{"url":"http://127.0.0.1:1","pid":-1}'])('is none where it reads %j', (text) => {
    writeFileSync(path.join(folder, 'service.json'), text);
    expect(findLocalService(folder)).toBeUndefined();
  });
});

describe('the service that commands speak to', () => {
  it('is the option, else the environment, else the local service, else the default', () => {
    const local = { COMPOUND_SEARCH_DATA: folder };
    expect(chooseServiceUrl(readEnvironment(local))).toBe(defaultUrl);
    writeServiceRecord(folder, { url, pid: process.pid });
    expect(chooseServiceUrl(readEnvironment(local))).toBe(url);
    const both = readEnvironment({ ...local, COMPOUND_SEARCH_URL: 'https://search.example' });
    expect(chooseServiceUrl(both)).toBe('https://search.example');
    expect(chooseServiceUrl(both, 'http://127.0.0.1:1')).toBe('http://127.0.0.1:1');
  });

  it('is refused where the option is no URL', () => {
    expect(() => chooseServiceUrl(readEnvironment({}), 'localhost:3210')).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED', field: '--url', value: 'localhost:3210' }),
    );
  });
});
