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

  it.each(['0', '1'])('leaves GPU %s alone while another one is free, and takes it where there is none', (avoided) => {
    const slots = createGpuSlots(['0', '1']);
    const other = avoided === '0' ? '1' : '0';
    expect(slots.take(avoided)).toBe(other);
    expect(slots.take(avoided)).toBe(avoided);
  });
});
