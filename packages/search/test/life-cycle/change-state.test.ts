import { readFileSync } from 'node:fs';

import {
  CompoundSearchError,
  endedSearchStates,
  errorCatalogue,
  type SearchPhase,
  searchPhases,
  type SearchState,
  searchVerbs,
  stateOf,
  verbOutcomes,
} from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { useLifeCycle } from './life-cycle.ts';

const { find, makers, phaseIn, send } = useLifeCycle();

const cells = searchPhases.flatMap((phase) =>
  searchVerbs.map((verb) => ({ phase, verb, outcome: verbOutcomes[phase][verb] })),
);

describe('a verb', () => {
  it.each(cells)(
    '$verb on a search that is $phase: $outcome, also when it is sent twice at once and once more',
    async ({ phase, verb, outcome }) => {
      const searchId = await makers[phase]();
      expect(await phaseIn(searchId)).toBe(phase);
      const before = await find(searchId);
      const sent = await Promise.allSettled([send(searchId, verb), send(searchId, verb)]);
      sent.push(...(await Promise.allSettled([send(searchId, verb)])));

      if (outcome in errorCatalogue) {
        for (const one of sent) {
          expect(one).toMatchObject({ status: 'rejected', reason: { code: outcome, status: 409, field: 'state' } });
          expect(one.status === 'rejected' && (one.reason as CompoundSearchError).remedy).toBeTruthy();
        }
        expect(await find(searchId)).toEqual(before);
      } else if (outcome === 'deleted') {
        expect(sent).toEqual([1, 2, 3].map(() => ({ status: 'fulfilled', value: true })));
        expect(await phaseIn(searchId)).toBe('deleted');
      } else {
        const state = stateOf(outcome as SearchPhase);
        for (const one of sent) expect(one).toMatchObject({ status: 'fulfilled', value: { id: searchId, state } });
        expect(await phaseIn(searchId)).toBe(outcome);
        // A verb that asks for what is so already makes no new revision.
        if (outcome === phase) expect(await find(searchId)).toEqual(before);
      }
    },
  );

  it('finds no search that there never was', async () => {
    for (const searchId of ['8e0f6c54-2f25-4d45-9f0e-2d1b5a3c9a11', 'none']) {
      for (const verb of searchVerbs) expect(await send(searchId, verb)).toBe(verb === 'delete' ? false : null);
    }
  });

  it('leaves searches in a state that has ended exactly where they have an end', async () => {
    for (const phase of searchPhases) {
      const searchId = await makers[phase]();
      const { endedAt } = await find(searchId);
      expect([phase, endedAt !== null]).toEqual([
        phase,
        (endedSearchStates as readonly SearchState[]).includes(stateOf(phase)),
      ]);
    }
  });

  it('does what docs/life-cycle.md says', () => {
    const text = readFileSync(new URL('../../../../docs/life-cycle.md', import.meta.url), 'utf8');
    const rows = text
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
      .map(([, first = '', ...rest]) => [first, ...rest.slice(0, -1)]);
    const head = rows.findIndex(([first]) => first === 'state');
    expect(rows[head]).toEqual(['state', ...searchVerbs]);
    const shown = (outcome: string): string =>
      outcome === 'deleted' || outcome in errorCatalogue ? outcome : stateOf(outcome as SearchPhase);
    expect(rows.slice(head + 2, head + 2 + searchPhases.length)).toEqual(
      searchPhases.map((phase) => [phase, ...searchVerbs.map((verb) => shown(verbOutcomes[phase][verb]))]),
    );
  });
});
