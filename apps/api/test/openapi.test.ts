import { errorCatalogue, type ErrorCode } from '@compound-search/contracts';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';

import { useService } from './service.ts';

const service = useService();

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

async function load(): Promise<Document> {
  return (await service().app.inject('/openapi.json')).json<Document>();
}

async function operations() {
  return Object.entries((await load()).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
  );
}

/** The client has the body already, or there is nothing to tell. */
const withoutBody: ReadonlySet<string> = new Set(['304', '204']);

/** What a route answers with where all went well. */
function successfulTypes(route: string): string[] {
  if (route === 'GET /v1/searches/{id}/results') return ['application/jsonl', 'text/csv'];
  if (route.endsWith('/events')) return ['text/event-stream'];
  if (route === 'GET /metrics') return ['text/plain'];
  if (route.endsWith('.pb')) return ['application/octet-stream'];
  return route.endsWith('/leaderboard') ? ['application/json', 'text/csv'] : ['application/json'];
}

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const document = await load();
    expect(document.openapi).toMatch(/^3\.1\./);
    const validation = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(validation).toMatchObject({ valid: true });
  });

  it('describes exactly the routes of the service', async () => {
    expect((await operations()).map(({ route }) => route).sort()).toEqual([
      'DELETE /v1/keys/{id}',
      'DELETE /v1/searches/{id}',
      'GET /healthz',
      'GET /metrics',
      'GET /readyz',
      'GET /v1/baselines',
      'GET /v1/baselines/{name}',
      'GET /v1/datasets',
      'GET /v1/events',
      'GET /v1/keys',
      'GET /v1/models/{id}',
      'GET /v1/models/{id}/saved_model.pb',
      'GET /v1/published-networks',
      'GET /v1/schemas/network',
      'GET /v1/searches',
      'GET /v1/searches/{id}',
      'GET /v1/searches/{id}/coefficients',
      'GET /v1/searches/{id}/curves',
      'GET /v1/searches/{id}/decisions',
      'GET /v1/searches/{id}/events',
      'GET /v1/searches/{id}/leaderboard',
      'GET /v1/searches/{id}/refinement',
      'GET /v1/searches/{id}/results',
      'GET /v1/searches/{id}/transfer',
      'GET /v1/searches/{id}/trials',
      'GET /v1/trials/{id}',
      'GET /v1/trials/{id}/comparison',
      'GET /v1/trials/{id}/log',
      'GET /v1/workers',
      'PATCH /v1/searches/{id}',
      'POST /v1/baselines',
      'POST /v1/claims',
      'POST /v1/claims/{claim}/epochs',
      'POST /v1/claims/{claim}/progress',
      'POST /v1/claims/{claim}/release',
      'POST /v1/claims/{claim}/result',
      'POST /v1/comparisons',
      'POST /v1/families',
      'POST /v1/keys',
      'POST /v1/networks',
      'POST /v1/plans',
      'POST /v1/searches',
      'POST /v1/searches/{id}/cancel',
      'POST /v1/searches/{id}/extensions',
      'POST /v1/searches/{id}/model',
      'POST /v1/searches/{id}/pause',
      'POST /v1/searches/{id}/results',
      'POST /v1/searches/{id}/resume',
      'POST /v1/searches/{id}/retry-failed',
      'POST /v1/searches/{id}/stop',
      'POST /v1/searches/{id}/transfer',
      'POST /v1/trials/{id}/cancel',
      'POST /v1/trials/{id}/reruns',
      'POST /v1/workers/{id}/drain',
      'POST /v1/workers/{id}/resume',
    ]);
  });

  it('gives every response of every route a schema and a description, errors as problem documents', async () => {
    for (const { route, operation } of await operations()) {
      const successful = successfulTypes(route);
      expect(operation.operationId).toBeTruthy();
      expect(operation.summary).toBeTruthy();
      expect(Object.keys(operation.responses)).toContain('500');
      for (const [status, { description, content }] of Object.entries(operation.responses)) {
        expect(description).not.toBe('Default Response');
        if (withoutBody.has(status)) {
          expect(content).toBeUndefined();
          continue;
        }
        const types = Number(status) < 400 ? successful : ['application/problem+json'];
        expect(Object.keys(content ?? {})).toEqual(types);
        for (const type of types) expect(Object.keys(content?.[type]?.schema ?? {})).not.toEqual([]);
      }
    }
  });

  it('lists the codes of every error status, each under the status of the catalogue', async () => {
    for (const { operation } of await operations()) {
      for (const [status, { description }] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        const codes = description.split(', ') as ErrorCode[];
        expect(codes.map((code) => errorCatalogue[code].status)).toEqual(codes.map(() => Number(status)));
      }
    }
  });

  it('describes a search request as it is sent: what has a default may be left out', async () => {
    const { schemas } = (await load()).components;
    expect(schemas['SearchRequestInput']).toMatchObject({ required: ['baseline', 'dataset'] });
  });

  it('states the rules between the fields of a search request', async () => {
    const { schemas } = (await load()).components;
    expect(schemas['SearchRequestInput']).toMatchObject({
      oneOf: [{ required: ['grid'] }, { required: ['points'] }],
      properties: { seeds: { uniqueItems: true }, name: { pattern: '\\S' } },
    });
  });

  it('describes a list of so many equal items without naming each, which few programs can read', async () => {
    expect(JSON.stringify(await load())).not.toContain('prefixItems');
    expect((await load()).components.schemas['FilledSearchRequest']).toMatchObject({
      properties: {
        constraint: { properties: { exponents: { items: { type: 'number' }, minItems: 3, maxItems: 3 } } },
      },
    });
  });

  it('tells which bodies may be left out', async () => {
    const bodies = new Map(
      (await operations()).map(({ route, operation }) => [route, operation.requestBody?.required]),
    );
    expect(bodies.get('POST /v1/searches/{id}/transfer')).toBe(false);
    expect(bodies.get('POST /v1/searches')).toBe(true);
  });

  it('names no schema that nothing refers to', async () => {
    const document = await load();
    const text = JSON.stringify(document);
    for (const name of Object.keys(document.components.schemas)) {
      expect(text).toContain(`"#/components/schemas/${name}"`);
    }
  });
});

describe('/docs', () => {
  it('shows the description as a page whose parts all come from the service itself', async () => {
    const { app } = service();
    const page = await app.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    const parts = [...page.body.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, url]) => url ?? '');
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      expect(part).not.toMatch(/^(?:https?:)?\/\//);
      const response = await app.inject(new URL(part, 'http://localhost/docs').pathname);
      expect(response.statusCode).toBe(200);
    }
    expect((await app.inject('/docs/json')).json()).toEqual(await load());
  });
});
