import type { ServiceEvent } from '@compound-search/local-services';

import { formatSeconds } from '../formatting/numbers.ts';
import type { ProgramEvent } from '../supervision/supervisor.ts';
import type { StackEvent } from './stack.ts';

/** What a person is told of an event, if anything: what takes time, what went wrong, and that it is well again. */
export function announce(event: StackEvent): string | undefined {
  switch (event.type) {
    case 'note':
      return event.text;
    case 'service':
      return announceService(event.event);
    case 'program':
      return announceProgram(event.event);
  }
}

const serviceNames = { postgres: 'PostgreSQL', valkey: 'Valkey' } as const;

function announceService({ service, state, detail }: ServiceEvent): string | undefined {
  const name = serviceNames[service];
  switch (state) {
    case 'recovering':
      return `${name}: taking over what a killed service left behind${detail === undefined ? '' : ` (${detail})`}.`;
    case 'initialising':
      return `${name}: creating its data.`;
    case 'ended':
      return `${name} has ended unexpectedly${detail === undefined ? '' : `: ${detail}`}.`;
    case 'starting':
    case 'ready':
    case 'stopping':
    case 'stopped':
      return undefined;
  }
}

function announceProgram(event: ProgramEvent): string | undefined {
  switch (event.type) {
    case 'ready':
      return event.starts === 1 ? undefined : `The ${event.program} is back.`;
    case 'died': {
      const pause = event.pauseMilliseconds < 1000 ? 'at once' : `in ${formatSeconds(event.pauseMilliseconds / 1000)}`;
      return `The ${event.program} has died (${event.how}); it is started again ${pause}.`;
    }
  }
}
