import { searchEventSchema } from '@compound-search/contracts';
import type { ChangeStore, SearchStore } from '@compound-search/store';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { type EventStreamLimits, EventStreams, usualLimits } from '../events/event-streams.ts';
import { idParamsSchema } from './requests.ts';
import { problems } from './responses.ts';

interface EventRouteOptions {
  readonly store: ChangeStore & Pick<SearchStore, 'getSearch' | 'getRevision'>;
  readonly streams: Partial<EventStreamLimits>;
}

/** Seconds after which a stream may have become free. */
const retryAfterSeconds = 10;

/** As the ids of events are. */
const cursorSchema = z
  .string()
  .regex(/^\d{1,18}$/u, { message: 'must be the id of an event' })
  .transform(BigInt)
  .optional();

const eventQuerySchema = z.strictObject({
  since: cursorSchema.describe('Goes on after this event. Without it, what changes from now on is told.'),
});

const eventHeadersSchema = z.looseObject({
  'last-event-id': cursorSchema.describe('The same, and comes before it: browsers send it when they come again.'),
});

const note =
  'The `data` of each event is JSON of one of these types, and its `id` is the cursor to go on from: by the header ' +
  'Last-Event-ID or by `since`, after which nothing is missed, and some may be told again. What is told are states, merged ' +
  'where they change faster than once a second (searches), four times a second (trials) or every two seconds ' +
  '(leaderboards). A comment comes every 15 s. The service may end a stream at any time: come again then.';

// Streams are sent as they are, so the schema only describes.
const events: z.ZodType = searchEventSchema;

const eventsResponse = {
  description: 'The events, as text/event-stream.',
  content: { 'text/event-stream': { schema: events } },
};

const ofSearch = {
  operationId: 'watchSearch',
  summary: 'Follow a search: its state and progress, its trials and its leaderboard',
  description: `Ends with the search: its last event is \`ended\`, or \`deleted\`. ${note}`,
  tags: ['searches'],
  params: idParamsSchema,
  querystring: eventQuerySchema,
  headers: eventHeadersSchema,
  response: {
    200: eventsResponse,
    ...problems('VALIDATION_FAILED', 'NOT_FOUND', 'STREAMS_EXHAUSTED', 'DEPENDENCY_UNAVAILABLE'),
  },
};

const ofAll = {
  operationId: 'watchSearches',
  summary: 'Follow all searches',
  description: note,
  tags: ['searches'],
  querystring: eventQuerySchema,
  headers: eventHeadersSchema,
  response: {
    200: eventsResponse,
    ...problems('VALIDATION_FAILED', 'STREAMS_EXHAUSTED', 'DEPENDENCY_UNAVAILABLE'),
  },
};

/** What happens to searches, told while it happens. */
export const eventRoutes: FastifyPluginCallbackZod<EventRouteOptions> = (app, { store, streams: limits }, done) => {
  const streams = new EventStreams(store, { ...usualLimits, ...limits }, app.log);
  // Before requests under way are waited for: a stream is one that would never be answered.
  app.addHook('preClose', (next) => {
    streams.end();
    next();
  });
  app.addHook('onClose', () => streams.close());

  app.get(
    '/searches/:id/events',
    {
      exposeHeadRoute: false,
      schema: ofSearch,
    },
    async ({ params: { id }, query, headers }, reply) => {
      describeStream(reply, streams);
      return reply.send(await streams.open({ searchId: id, since: headers['last-event-id'] ?? query.since }));
    },
  );

  app.get(
    '/events',
    {
      exposeHeadRoute: false,
      schema: ofAll,
    },
    async ({ query, headers }, reply) => {
      describeStream(reply, streams);
      return reply.send(await streams.open({ since: headers['last-event-id'] ?? query.since }));
    },
  );
  done();
};

/** Says what holds of every stream, and of the refusal of one that would be too much. */
function describeStream(reply: Pick<FastifyReply, 'headers' | 'header' | 'type'>, { isFull }: EventStreams): void {
  reply.type('text/event-stream');
  // Nobody may keep, compress or hold back what is to be read at once. The connection is of no further use.
  reply.headers({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no', connection: 'close' });
  if (isFull) reply.header('retry-after', String(retryAfterSeconds));
}
