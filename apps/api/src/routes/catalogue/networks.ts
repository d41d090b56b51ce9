import { setImmediate } from 'node:timers/promises';

import {
  type ErrorCode,
  familyMemberSchema,
  familyRequestSchema,
  networkAnswerSchema,
  networkRequestSchema,
  publishedNetworkSchema,
} from '@compound-search/contracts';
import {
  answerFamilyRequest,
  answerNetworkRequest,
  listPublishedNetworks,
  networkDescriptionSchema,
} from '@compound-search/networks';
import { type RegisteredBaselines, resolveBaseline } from '@compound-search/search';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { bodyProblems, problems, success } from '../responses.ts';

interface NetworkRouteOptions {
  readonly store: RegisteredBaselines;
}

const scalingProblems = [
  ...bodyProblems,
  'UNKNOWN_BASELINE',
  'NETWORK_INVALID',
  'COEFFICIENT_INVALID',
  'DEPENDENCY_UNAVAILABLE',
] as const satisfies readonly ErrorCode[];

/** Scaled networks and their exact cost, without training anything. */
export const networkRoutes: FastifyPluginCallbackZod<NetworkRouteOptions> = (app, { store }, done) => {
  app.post(
    '/networks',
    {
      config: { role: 'read' },
      schema: {
        operationId: 'costNetwork',
        summary: 'The exact cost of one scaled network; nothing is stored',
        tags: ['networks'],
        body: networkRequestSchema,
        response: { 200: success('The network and its cost.', networkAnswerSchema), ...problems(...scalingProblems) },
      },
    },
    async ({ body }) => {
      const { baseline } = body;
      const description = baseline === undefined ? undefined : await resolveBaseline(baseline, store);
      return answerNetworkRequest(body, description);
    },
  );

  app.post(
    '/families',
    {
      config: { role: 'read' },
      schema: {
        operationId: 'costFamily',
        summary: 'The exact costs of a baseline scaled to every phi; nothing is stored',
        tags: ['networks'],
        body: familyRequestSchema,
        response: {
          200: success('One network per phi, in the order asked for.', familyMemberSchema.array()),
          ...problems(...scalingProblems),
        },
      },
    },
    async ({ body }) => {
      const members = [];
      for (const member of answerFamilyRequest(body, await resolveBaseline(body.baseline, store))) {
        members.push(member);
        await setImmediate();
      }
      return members;
    },
  );

  addReferenceRoutes(app);
  done();
};

function addReferenceRoutes(app: Parameters<typeof networkRoutes>[0]): void {
  const published = listPublishedNetworks();
  app.get(
    '/published-networks',
    {
      schema: {
        operationId: 'listPublishedNetworks',
        summary: 'Networks as their authors published them, which no phi of the formula gives',
        tags: ['networks'],
        response: { 200: success('All published networks.', publishedNetworkSchema.array()), ...problems() },
      },
    },
    () => published,
  );

  const networkSchema = z.toJSONSchema(networkDescriptionSchema);
  app.get(
    '/schemas/network',
    {
      schema: {
        operationId: 'getNetworkSchema',
        summary: "The JSON Schema that a person's own network is described by",
        tags: ['networks'],
        response: { 200: success('The schema.', z.record(z.string(), z.unknown())), ...problems() },
      },
    },
    () => networkSchema,
  );
}
