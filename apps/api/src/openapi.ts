import { isDeepStrictEqual } from 'node:util';

import {
  baselineViewSchema,
  candidateSchema,
  coefficientsSchema,
  comparisonRequestSchema,
  comparisonSchema,
  datasetViewSchema,
  familyMemberSchema,
  familyRequestSchema,
  filledRequestSchema,
  leaderboardSchema,
  modelRequestSchema,
  modelViewSchema,
  networkAnswerSchema,
  networkRequestSchema,
  networkUseSchema,
  problemSchema,
  publishedNetworkSchema,
  searchEventSchema,
  searchPlanSchema,
  searchRequestSchema,
  searchViewSchema,
  transferRequestSchema,
  transferSchema,
  trialComparisonSchema,
  trialDetailSchema,
  trialViewSchema,
  workerViewSchema,
} from '@compound-search/contracts';
import { networkDescriptionSchema } from '@compound-search/networks';
import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';

const named = {
  SearchRequest: searchRequestSchema,
  FilledSearchRequest: filledRequestSchema,
  Search: searchViewSchema,
  SearchEvent: searchEventSchema,
  ComparisonRequest: comparisonRequestSchema,
  Comparison: comparisonSchema,
  TransferRequest: transferRequestSchema,
  Transfer: transferSchema,
  Plan: searchPlanSchema,
  Candidate: candidateSchema,
  Leaderboard: leaderboardSchema,
  Trial: trialViewSchema,
  TrialDetail: trialDetailSchema,
  TrialComparison: trialComparisonSchema,
  ModelRequest: modelRequestSchema,
  Model: modelViewSchema,
  Coefficients: coefficientsSchema,
  Baseline: baselineViewSchema,
  Network: networkDescriptionSchema,
  NetworkRequest: networkRequestSchema,
  NetworkCost: networkAnswerSchema,
  NetworkUse: networkUseSchema,
  FamilyRequest: familyRequestSchema,
  FamilyMember: familyMemberSchema,
  PublishedNetwork: publishedNetworkSchema,
  Dataset: datasetViewSchema,
  Worker: workerViewSchema,
  Problem: problemSchema,
};

/** Describes every route at /openapi.json, and shows the description as a page at /docs that needs no network. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  const schemaRegistry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) schemaRegistry.add(schema, { id });
  const options = { schemaRegistry, zodToJsonConfig: { override: describeSchema } };
  const nameSchemas = createJsonSchemaTransformObject(options);
  const toJsonSchemas = createJsonSchemaTransform(options);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'compound-search',
        version: '1',
        description: 'Finds the compound-scaling coefficients alpha (depth), beta (width) and gamma (resolution).',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      // Either, by what the service asks for.
      security: [{}, { key: [] }],
      tags: [
        { name: 'searches', description: 'Start a search, watch it, fetch the winning coefficients.' },
        { name: 'trials', description: 'One training of one candidate with one seed.' },
        { name: 'models', description: 'Networks of a search, trained to be taken away as files.' },
        { name: 'networks', description: 'Scaled networks and their exact cost, without training anything.' },
        { name: 'catalogue', description: 'The baseline networks and data sets that a search can name.' },
        { name: 'keys', description: 'Who may use a service that others can reach.' },
        { name: 'health', description: 'Whether the process is alive and can work.' },
      ],
    },
    transform: (route) => withEmptyResponses(toJsonSchemas(route)),
    transformObject: (document) => withoutUnusedSchemas(withOptionalBodies(nameSchemas(document))),
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { displayRequestDuration: true } });
}

/**
 * Takes over what a schema says of itself, a description or a rule that its code checks: the generator looks for that
 * among the names above only. A tuple of equals is a list of so many, which more programs can read than prefixItems.
 */
function describeSchema({ zodSchema, jsonSchema }: Parameters<NonNullable<JsonSchemaOverride>>[0]): void {
  Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
  const [first, ...others] = jsonSchema.prefixItems ?? [];
  if (first === undefined || others.some((other) => !isDeepStrictEqual(other, first))) return;
  delete jsonSchema.prefixItems;
  jsonSchema.items = first;
}

type JsonSchemaOverride = NonNullable<Parameters<typeof createJsonSchemaTransform>[0]['zodToJsonConfig']>['override'];
type TransformedRoute = ReturnType<ReturnType<typeof createJsonSchemaTransform>>;

interface DescribedResponse {
  readonly description?: string;
  readonly content?: object;
}

/** A response without a body is one of the type null for the generator, and one without any content a mistake. */
function withEmptyResponses({ schema, url }: TransformedRoute): TransformedRoute {
  const responses = Object.entries(schema.response ?? {}) as [string, DescribedResponse][];
  if (responses.length === 0) return { schema, url };
  const response = Object.fromEntries(
    responses.map(([status, { description, content }]) => [
      status,
      content === undefined || Object.keys(content).length > 0
        ? { description, content }
        : { description, type: 'null' },
    ]),
  );
  return { schema: { ...schema, response }, url };
}

type OpenApiDocument = ReturnType<SwaggerTransformObject>;

/** The generator takes every body to be required: one that may be null can be left out as well. */
function withOptionalBodies(document: OpenApiDocument): OpenApiDocument {
  const paths = Object.values(document.paths ?? {}) as Record<string, DescribedOperation>[];
  for (const { requestBody: body } of paths.flatMap((path) => Object.values(path))) {
    if (body !== undefined && mayBeNull(body)) body.required = false;
  }
  return document;
}

interface DescribedOperation {
  readonly requestBody?: DescribedBody;
}

interface DescribedBody {
  required?: boolean;
  readonly content: Record<string, { readonly schema?: { readonly anyOf?: readonly { readonly type?: string }[] } }>;
}

function mayBeNull({ content }: DescribedBody): boolean {
  return content['application/json']?.schema?.anyOf?.some(({ type }) => type === 'null') ?? false;
}

/** Every schema is named once as it is sent and once as it is received; most are only ever one of the two. */
function withoutUnusedSchemas(document: OpenApiDocument): OpenApiDocument {
  if (!('components' in document)) return document;
  const schemas: Record<string, unknown> = document.components.schemas ?? {};
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(document.paths);
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...document.components, schemas: kept } } as OpenApiDocument;
}
