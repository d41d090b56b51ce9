import type { RequeueCounter } from '@compound-search/search';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What this process counts of itself. Each instance has a registry of its own, so that many run beside each other. */
export interface Metrics extends RequeueCounter {
  readonly registry: Registry;
  /** Counts a request that has been answered. */
  observeRequest(request: FastifyRequest, reply: FastifyReply): void;
}

/** Seconds: reads take milliseconds, a plan up to seconds, and who waits for a data set is answered after some. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** All paths that no route has, so that who tries many of them makes no more series. */
const unknownRoute = 'unknown';

/** Creates the metrics of one instance of the service, beside those of its process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'compound_search_http_request_duration_seconds',
    help: 'How long requests took to be answered, by the template of their route.',
    labelNames: ['method', 'route', 'status'],
    buckets: durationBuckets,
    registers,
  });
  const takeovers = new Counter({
    name: 'compound_search_lease_takeovers_total',
    help: 'Leases that ran out, whose trials this process took back from their workers.',
    registers,
  });
  const reconciledJobs = new Counter({
    name: 'compound_search_reconciled_jobs_total',
    help: 'Jobs that the reconciler of this process put back on the queue.',
    registers,
  });
  return {
    registry,
    observeRequest: (request, reply) => {
      const route = request.is404 ? unknownRoute : (request.routeOptions.url ?? unknownRoute);
      const status = String(reply.statusCode);
      requests.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
    },
    countTakeovers: (trials) => takeovers.inc(trials),
    countReconciledJobs: (jobs) => reconciledJobs.inc(jobs),
  };
}
