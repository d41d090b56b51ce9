import type { ErrorCode } from './errors.ts';
import { type SearchState, searchStates } from './states.ts';

/**
 * What can be done to a search. `pause`: running trials finish and none starts. `stop`: running trials finish, and the
 * search ends with the answer that it has. `cancel`: running trials end at their next step. `retry-failed`: trials that
 * have failed run again, and no others. `delete`: nothing is left of the search.
 */
export const searchVerbs = ['pause', 'resume', 'stop', 'cancel', 'retry-failed', 'delete'] as const;
export type SearchVerb = (typeof searchVerbs)[number];

/** Where a search stands as far as verbs go: its state, and of a paused one, what it goes on with. */
export type SearchPhase = Exclude<SearchState, 'paused'> | 'paused while running' | 'paused while testing';

/** What a verb is refused with. */
export type VerbRefusal = Extract<
  ErrorCode,
  'SEARCH_ENDED' | 'SEARCH_NOT_ENDED' | 'SEARCH_STOPPING' | 'NO_FAILED_TRIALS'
>;

/** The phase that follows, which is the same where a verb changes nothing; or why the verb makes no sense. */
export type VerbOutcome = SearchPhase | 'deleted' | VerbRefusal;

const running = {
  stop: 'stopping',
  cancel: 'cancelled',
  delete: 'SEARCH_NOT_ENDED',
} as const;

const ended = {
  pause: 'SEARCH_ENDED',
  resume: 'SEARCH_ENDED',
  stop: 'SEARCH_ENDED',
  cancel: 'SEARCH_ENDED',
  'retry-failed': 'SEARCH_ENDED',
  delete: 'deleted',
} as const;

/** What each verb does in each phase. docs/life-cycle.md shows the same table, and a test walks it against the store. */
export const verbOutcomes = {
  running: { ...running, pause: 'paused while running', resume: 'running', 'retry-failed': 'running' },
  testing: { ...running, pause: 'paused while testing', resume: 'testing', 'retry-failed': 'testing' },
  'paused while running': {
    ...running,
    pause: 'paused while running',
    resume: 'running',
    'retry-failed': 'paused while running',
  },
  'paused while testing': {
    ...running,
    pause: 'paused while testing',
    resume: 'testing',
    'retry-failed': 'paused while testing',
  },
  stopping: { ...running, pause: 'SEARCH_STOPPING', resume: 'SEARCH_STOPPING', 'retry-failed': 'SEARCH_STOPPING' },
  completed: { ...ended, 'retry-failed': 'NO_FAILED_TRIALS' },
  completed_with_failures: { ...ended, 'retry-failed': 'running' },
  stopped: { ...ended, stop: 'stopped' },
  failed: { ...ended, 'retry-failed': 'running' },
  cancelled: { ...ended, cancel: 'cancelled' },
} as const satisfies Record<SearchPhase, Record<SearchVerb, VerbOutcome>>;

/** In the order of the states. */
export const searchPhases: readonly SearchPhase[] = searchStates.flatMap((state): SearchPhase[] =>
  state === 'paused' ? ['paused while running', 'paused while testing'] : [state],
);

/** The state of a search in a phase. */
export function stateOf(phase: SearchPhase): SearchState {
  return phase.startsWith('paused') ? 'paused' : (phase as Exclude<SearchState, 'paused'>);
}

/** The phase of a search, by its state and whether its winner is known. */
export function phaseOf(state: SearchState, hasWinner: boolean): SearchPhase {
  if (state !== 'paused') return state;
  return hasWinner ? 'paused while testing' : 'paused while running';
}
