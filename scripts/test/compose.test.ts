import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

describe('the compose file', () => {
  it('starts a Valkey that evicts nothing and keeps every change', () => {
    const compose = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
    const command = /command: \[valkey-server, (.*)\]/.exec(compose)?.[1];
    expect(command).toContain('--maxmemory-policy, noeviction');
    expect(command).toContain("--appendonly, 'yes'");
  });
});
