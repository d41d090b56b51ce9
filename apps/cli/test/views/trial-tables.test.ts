import { describe, expect, it } from 'vitest';

import { renderTrial, renderTrials } from '../../src/views/trial-tables.ts';
import { trial } from '../samples.ts';

describe('a trial that has taken over the end of another', () => {
  it('says so in the list, and names the other where it stands alone', () => {
    const taken = trial({ origin: 'taken_over', takenOverFrom: 'an earlier trial' });
    expect(renderTrials([taken])).toContain('taken over');
    expect(renderTrial(taken)).toContain('Taken over from the equal trial an earlier trial; nothing was trained.');
    expect(renderTrial(trial())).not.toMatch(/taken over/i);
  });
});

describe('a trial that is trained elsewhere', () => {
  it('says so in the list, and what it waits for or where its result is from where it stands alone', () => {
    const waiting = trial({ origin: 'imported', state: 'queued' });
    expect(renderTrials([waiting])).toContain('imported');
    expect(renderTrial(waiting)).toContain('To be trained elsewhere');
    expect(renderTrial(trial({ origin: 'imported' }))).toContain('Trained elsewhere; its result was imported.');
  });
});
