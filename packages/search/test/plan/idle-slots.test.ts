import type { Strategy } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { idleSlots, slotsSeen } from '../../src/plan/idle-slots.ts';

describe('the slots that workers have been seen with', () => {
  it('are as many as trainings have run at once, in any order', () => {
    expect(slotsSeen([])).toBe(0);
    expect(
      slotsSeen([
        { startedAt: 9, endedAt: 20 },
        { startedAt: 0, endedAt: 10 },
        { startedAt: 5, endedAt: 12 },
        { startedAt: 30, endedAt: 40 },
      ]),
    ).toBe(3);
  });

  it('are one where each training began as the one before had ended', () => {
    expect(
      slotsSeen([
        { startedAt: 10, endedAt: 20 },
        { startedAt: 0, endedAt: 10 },
        { startedAt: 20, endedAt: 30 },
      ]),
    ).toBe(1);
  });
});

describe('slots that would stand idle', () => {
  const racing: Strategy = { kind: 'racing', indifference: 0.002, confidence: 0.95, batch: 4, budget: {} };

  it('are said with the batch that keeps them busy', () => {
    expect(idleSlots(racing, 8)).toEqual([
      {
        code: 'SLOTS_IDLE',
        message:
          'Up to 8 trials have run at once here, and a decision of this search assigns 4: slots may stand idle while the ' +
          'next trials are decided on. A "batch" of 8 in the strategy keeps them busy.',
      },
    ]);
  });

  it('are none where a decision assigns as many trials, or all are assigned at the start', () => {
    expect(idleSlots(racing, 4)).toEqual([]);
    expect(idleSlots({ ...racing, batch: 8 }, 8)).toEqual([]);
    expect(idleSlots({ kind: 'full', indifference: 0.002 }, 64)).toEqual([]);
  });
});
