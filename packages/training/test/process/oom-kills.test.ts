import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../../test/temporary-folder.ts';
import { countOomKills } from '../../src/process/oom-kills.ts';

describe('countOomKills', () => {
  it('is what the kernel says', async () => {
    const file = path.join(await temporaryFolder(), 'vmstat');
    await writeFile(file, 'nr_free_pages 2462979\noom_kill 17\nnuma_hit 5\n');
    expect(countOomKills(file)).toBe(17);
  });

  it('is unknown of a kernel that does not count them, and of a system without such a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'vmstat'), 'nr_free_pages 2462979\n');
    expect(countOomKills(path.join(folder, 'vmstat'))).toBeUndefined();
    expect(countOomKills(path.join(folder, 'none'))).toBeUndefined();
  });
});
