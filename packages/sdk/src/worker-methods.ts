import { type WorkerView, workerViewSchema } from '@compound-search/contracts';

import { repeatablePost, send, type Transport } from './transport.ts';

/** The workers, for whoever runs the service. */
export interface WorkerMethods {
  /** All of them, lost ones too, with what they train. */
  workers(): Promise<readonly WorkerView[]>;
  /** The worker takes no more trials and finishes those that it has; the same again changes nothing. */
  drainWorker(workerId: string): Promise<WorkerView>;
  /** It takes trials again; the same again changes nothing. */
  resumeWorker(workerId: string): Promise<WorkerView>;
}

export function workerMethods(transport: Transport): WorkerMethods {
  const verb =
    (name: 'drain' | 'resume') =>
    (id: string): Promise<WorkerView> =>
      send(transport, { ...repeatablePost, path: `v1/workers/${encodeURIComponent(id)}/${name}` }, workerViewSchema);
  return {
    workers: () => send(transport, { method: 'GET', path: 'v1/workers' }, workerViewSchema.array()),
    drainWorker: verb('drain'),
    resumeWorker: verb('resume'),
  };
}
