import type { TrainingEvent } from '@compound-search/contracts';

/** The result of a training that has completed, but for what another run of it may have otherwise. */
export function withoutSpeed({ end }: { readonly end: TrainingEvent }): unknown {
  if (end.type !== 'completed') throw new Error(`The training ended as ${JSON.stringify(end)}`);
  return { ...end.result, imagesPerSecond: 0 };
}
