import type { ServiceEvent } from '@compound-search/local-services';

import { formatSeconds } from '../formatting/numbers.ts';
import type { SupervisionEvent } from '../supervision/supervisor.ts';
import type { StackEvent } from './stack.ts';

/** What a person is told of an event, if anything: what takes time, what went wrong, and that it is well again. */
export function announce(event: StackEvent): string | undefined {
  switch (event.type) {
    case 'note':
      return event.text;
    case 'service':
      return announceService(event.event);
    case 'part':
      return announcePart(event.event);
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
    // That it has ended is told by what starts it again.
    case 'ended':
    case 'starting':
    case 'ready':
    case 'stopping':
    case 'stopped':
      return undefined;
  }
}

function announcePart(event: SupervisionEvent): string | undefined {
  const { subject } = event;
  if (event.type === 'ready') return event.starts === 1 ? undefined : `${subject} is back.`;
  const { how, failedStarts, pauseMilliseconds } = event;
  const pause = pauseMilliseconds < 1000 ? 'at once' : `in ${formatSeconds(pauseMilliseconds / 1000)}`;
  if (failedStarts === 0) return `${subject} has died (${how}); it is started again ${pause}.`;
  // Why it does not start may take many lines, which would be the same at every start.
  if (failedStarts === 1) return `${subject} does not start; it is tried again ${pause}. What went wrong: ${how}`;
  return `${subject} does not start, ${failedStarts} times in a row; it is tried again ${pause}.`;
}
