import { describe, expect, it } from 'vitest';

import { valkeyArtefact, valkeyVersion } from '../src/valkey-wheels.ts';

describe('the pinned Valkey', () => {
  it('is one version with a size and a whole hash for each platform', () => {
    const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'] as const;
    const wheels = platforms.map(valkeyArtefact);
    for (const { version, sha256, bytes, platformTag } of wheels) {
      expect(version).toBe(valkeyVersion);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(1_000_000);
      expect(platformTag).toMatch(/^(manylinux|macosx)[\d_]+_(x86_64|aarch64|arm64)$/);
    }
    expect(new Set(wheels.map(({ sha256 }) => sha256)).size).toBe(wheels.length);
  });
});
