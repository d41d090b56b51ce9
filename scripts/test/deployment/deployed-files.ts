import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

const environmentSchema = z.record(z.string(), z.string());

const serviceSchema = z.object({
  image: z.string(),
  build: z.object({ target: z.string() }).optional(),
  profiles: z.array(z.string()).default([]),
  command: z.array(z.string()).optional(),
  environment: environmentSchema.default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  stop_grace_period: z.string().optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  deploy: z.unknown().optional(),
});
type ComposeService = z.infer<typeof serviceSchema>;

/** The services of docker-compose.yml by name. */
export function composeServices(): Record<string, ComposeService> {
  const file: unknown = parse(textOf('docker-compose.yml'), { merge: true });
  return z.object({ services: z.record(z.string(), serviceSchema) }).parse(file).services;
}

const probeSchema = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) }).optional();

const containerSchema = z.object({
  name: z.string(),
  image: z.string(),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })),
  env: z.array(z.object({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() })),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  startupProbe: probeSchema,
  livenessProbe: probeSchema,
  readinessProbe: probeSchema,
  resources: z.object({ requests: environmentSchema, limits: environmentSchema }),
  securityContext: z.object({ readOnlyRootFilesystem: z.boolean(), allowPrivilegeEscalation: z.boolean() }),
  volumeMounts: z.array(z.object({ mountPath: z.string(), readOnly: z.boolean().default(false) })),
});

const deploymentSchema = z.object({
  kind: z.literal('Deployment'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ labels: environmentSchema }),
      spec: z.object({
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.object({ runAsNonRoot: z.boolean() }),
        containers: z.tuple([containerSchema]),
      }),
    }),
  }),
});
type Deployment = z.infer<typeof deploymentSchema>;

/** All documents in files of a folder of deploy/kubernetes, as they are written. */
export function manifestsOf(folder: string): unknown[] {
  const files = readdirSync(path.join(root, 'deploy/kubernetes', folder)).filter((file) => file.endsWith('.yaml'));
  return files.flatMap((file) =>
    parseAllDocuments(textOf(`deploy/kubernetes/${folder}/${file}`)).map((document) => document.toJS() as unknown),
  );
}

/** What is of a schema among some documents. */
function ofSchema<T>(schema: z.ZodType<T>, documents: readonly unknown[]): T[] {
  return documents.flatMap((document) => {
    const parsed = schema.safeParse(document);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The deployment of a program, `api` or `worker`. */
export function deploymentOf(program: string): Deployment {
  const named = z.looseObject({
    kind: z.literal('Deployment'),
    metadata: z.object({ name: z.literal(`compound-search-${program}`) }),
  });
  const [found] = ofSchema(named, manifestsOf('base'));
  return deploymentSchema.parse(found);
}

/** What the ConfigMap that all containers take in has. */
export function configuration(): Record<string, string> {
  const [map] = ofSchema(z.object({ kind: z.literal('ConfigMap'), data: environmentSchema }), manifestsOf('base'));
  return map?.data ?? {};
}

/** The stages of the Dockerfile by name: what each is made from, and its lines. */
export function imageStages(): ReadonlyMap<string, { readonly from: string; readonly text: string }> {
  const parts = textOf('Dockerfile')
    .split(/^FROM /m)
    .slice(1);
  return new Map(
    parts.map((text) => {
      const [, from = '', name = ''] = /^(\S+) AS (\S+)/.exec(text) ?? [];
      return [name, { from, text }];
    }),
  );
}

/** The lines that make an image, those of the stages below it first. */
export function imageLines(name: string): string {
  const stage = imageStages().get(name);
  return stage === undefined ? '' : imageLines(stage.from) + stage.text;
}
