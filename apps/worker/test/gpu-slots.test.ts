import { describe, expect, it } from 'vitest';

import { createGpuSlots } from '../src/gpu-slots.ts';

describe('createGpuSlots', () => {
  it('fills every slot before any takes a second trial, and gives a released slot out again', () => {
    const slots = createGpuSlots(['0', '0', '1']);
    expect([slots.take(), slots.take(), slots.take()].toSorted()).toEqual(['0', '0', '1']);
    slots.release('1');
    expect(slots.take()).toBe('1');
    slots.release('0');
    expect(slots.take()).toBe('0');
  });
});
