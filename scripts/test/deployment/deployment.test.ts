import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { readEnvironment as readApi } from '../../../apps/api/src/env.ts';
import { readEnvironment as readWorker } from '../../../apps/worker/src/env.ts';
import {
  composeServices,
  configuration,
  deploymentOf,
  imageLines,
  imageStages,
  manifestsOf,
  textOf,
} from './deployed-files.ts';

/** Values for what whoever installs the service gives. */
const given: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://user:password@database.example.com/compound_search?sslmode=verify-full',
  REDIS_URL: 'rediss://:password@valkey.example.com:6379',
  QUEUE_PREFIX: 'one',
  COMPOUND_SEARCH_ADMIN_KEY: 'k'.repeat(32),
  COMPOUND_SEARCH_ALLOWED_ORIGINS: 'https://search.example.com',
  COMPOUND_SEARCH_SLOTS: '2',
  COMPOUND_SEARCH_RESIDENT_MEGABYTES: '512',
  RATE_LIMIT: '60',
  NODE_EXTRA_CA_CERTS: '/datasets/authority.pem',
};
const programs = { api: readApi, worker: readWorker, 'worker-gpu': readWorker };
type Image = keyof typeof programs;
const images = Object.keys(programs) as Image[];
/** Read by Node itself, by the datasets' cache and by NVIDIA's runtime. */
const readByOthers =
  /^(?:NODE_ENV|NODE_EXTRA_CA_CERTS|COMPOUND_SEARCH_CACHE_DIR|CUDA_CACHE_PATH|NVIDIA_(?:VISIBLE_DEVICES|DRIVER_CAPABILITIES))$/;

/** Fills in `${NAME:-default}` as compose does. */
function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  const filled = text.replace(
    /\$\{(\w+):-([^${}]*)\}/g,
    (_all, name: string, otherwise: string) => variables[name] ?? otherwise,
  );
  return filled === text ? text : interpolate(filled, variables);
}

function composeEnvironment(image: Image, variables: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(composeServices()[image]?.environment ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, interpolate(value, variables)]));
}

function kubernetesEnvironment(program: 'api' | 'worker'): Record<string, string> {
  const [container] = deploymentOf(program).spec.template.spec.containers;
  const own = container.env.map(({ name, value }) => [name, value ?? given[name] ?? ''] as const);
  return Object.assign(configuration(), Object.fromEntries(own));
}

function imageEnvironment(image: Image): Record<string, string> {
  const settings = imageLines(image).matchAll(/^(?:ENV)? +([A-Z_]+)=(\S+)/gm);
  return Object.fromEntries(Array.from(settings, ([, name = '', value = '']) => [name, value] as const));
}

/** Names that neither the program nor anybody else reads. */
function unread(image: Image, environment: Readonly<Record<string, string>>): string[] {
  const read = programs[image]({ DATABASE_URL: given['DATABASE_URL'], REDIS_URL: given['REDIS_URL'], ...environment });
  return Object.keys(environment).filter((name) => !(name in read) && !readByOthers.test(name));
}

/** Seconds within which a program ends by itself. */
function longestShutdown(image: Image): number {
  const [file, constant] =
    image === 'api'
      ? ['apps/api/src/main.ts', 'longestShutdown']
      : ['apps/worker/src/worker-process.ts', 'SHUTDOWN_MILLISECONDS'];
  return Number(new RegExp(`${constant} = ([\\d_]+);`).exec(textOf(file))?.[1]?.replaceAll('_', '')) / 1000;
}

/** The folders that a program writes to. */
function written(image: Image): string[] {
  const trainings = image === 'api' ? [] : ['/var/lib/compound-search/trainings'];
  return ['/tmp', '/var/cache/compound-search', ...trainings];
}

describe('the images', () => {
  it.each(images)('of %s run a program that is there, not as root', (image) => {
    const lines = imageLines(image);
    expect([...lines.matchAll(/^USER (\S+)/gm)].at(-1)?.[1]).toBe('1000:1000');
    const program = /^CMD \["node", "--import", "tsx", "([^"]+)"\]$/m.exec(lines)?.[1] ?? '';
    expect(program).toBe(`apps/${image.replace('-gpu', '')}/src/main.ts`);
    expect(existsSync(fileURLToPath(new URL(`../../../${program}`, import.meta.url)))).toBe(true);
  });

  it.each(images)('of %s have no compiler', (image) => {
    expect(imageLines(image)).not.toMatch(/apt-get|g\+\+/);
  });

  it.each(images)('of %s set no variable that nobody reads', (image) => {
    const environment = imageEnvironment(image);
    // The one folder of the workers' own is told to all.
    const { COMPOUND_SEARCH_TRAINING_FOLDER: trainings, ...shared } = environment;
    expect(written('worker')).toContain(trainings);
    expect(written(image)).toContain(environment['COMPOUND_SEARCH_CACHE_DIR']);
    expect(unread(image, shared)).toEqual([]);
  });

  it('have no TensorFlow in that of the API, and each build of it in that of one worker', () => {
    expect(imageLines('api')).not.toContain('native');
    expect(imageLines('worker')).toContain('COPY --from=native-cpu ');
    expect(imageLines('worker-gpu')).toContain('COPY --from=native-gpu ');
  });
});

describe('the compose file', () => {
  it('starts a Valkey that evicts nothing and keeps every change', () => {
    expect(composeServices()['valkey']?.command).toEqual([
      ...['valkey-server', '--maxmemory-policy', 'noeviction'],
      ...['--appendonly', 'yes'],
    ]);
  });

  it.each(images)('builds %s from a target of the Dockerfile', (image) => {
    expect(composeServices()[image]?.build?.target).toBe(image);
    expect([...imageStages().keys()]).toContain(image);
  });

  it.each(images)('sets variables that %s reads and takes, by default and with servers by TLS', (image) => {
    expect(unread(image, composeEnvironment(image, given))).toEqual([]);
    const byDefault = programs[image](composeEnvironment(image, {}));
    expect(byDefault).toMatchObject({
      DATABASE_URL: 'postgresql://compound_search:compound_search@postgres:5432/compound_search',
      REDIS_URL: 'redis://valkey:6379',
    });
    expect(programs[image](composeEnvironment(image, given))).toMatchObject({
      DATABASE_URL: given['DATABASE_URL'],
      REDIS_URL: given['REDIS_URL'],
    });
  });

  it.each(images)('lets %s write where it has to, and nowhere else', (image) => {
    const service = composeServices()[image];
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    const volumes = service?.volumes.filter((volume) => !volume.endsWith(':ro')).map((volume) => volume.split(':')[1]);
    expect([...(service?.tmpfs ?? []), ...(volumes ?? [])]).toEqual(written(image));
  });

  it.each(images)('gives %s longer to end than it takes', (image) => {
    expect(longestShutdown(image)).toBeGreaterThan(0);
    expect(Number.parseInt(composeServices()[image]?.stop_grace_period ?? '', 10)).toBeGreaterThan(
      longestShutdown(image),
    );
  });

  it('publishes the port that the API listens on, on loopback alone, and asks there whether it is ready', () => {
    const api = composeServices()['api'];
    const { PORT: port } = readApi(composeEnvironment('api', {}));
    expect(api?.ports.map((text) => interpolate(text, {}))).toEqual([`127.0.0.1:3210:${port}`]);
    expect(api?.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/readyz`);
    const others = Object.entries(composeServices()).filter(([name]) => name !== 'api');
    expect(others.flatMap(([, { ports }]) => ports)).toEqual([]);
  });

  it('starts workers and servers by profile, and reserves the GPUs for the one that needs them', () => {
    const profiles = Object.entries(composeServices()).map(([name, service]) => [name, service.profiles]);
    expect(Object.fromEntries(profiles)).toEqual({
      ...{ postgres: ['servers'], valkey: ['servers'] },
      ...{ api: [], worker: ['cpu'], 'worker-gpu': ['gpu'] },
    });
    expect(JSON.stringify(composeServices()['worker-gpu']?.deploy)).toContain('"driver":"nvidia"');
    expect(composeServices()['worker']?.deploy).toBeUndefined();
  });
});

describe.each(['api', 'worker'] as const)('the Kubernetes deployment of %s', (program) => {
  const { spec } = deploymentOf(program).spec.template;
  const [container] = spec.containers;

  it('runs an image of the Dockerfile with variables that the program reads and takes', () => {
    expect(container.image).toBe(`compound-search-${program}`);
    expect(unread(program, kubernetesEnvironment(program))).toEqual([]);
  });

  it('is not root, and writes where it has to and nowhere else', () => {
    expect(spec.securityContext.runAsNonRoot).toBe(true);
    expect(container.securityContext).toEqual({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    const writable = container.volumeMounts.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath);
    expect(writable).toEqual(written(program));
  });

  it('has longer to end than the program and what is done before take', () => {
    const before = program === 'api' ? 5 : 0;
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(before + longestShutdown(program));
  });

  it('is probed at routes that there are, on the port that is listened on', () => {
    const environment = kubernetesEnvironment(program);
    const listened = program === 'api' ? readApi(environment).PORT : readWorker(environment).METRICS_PORT;
    expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([listened]);
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe].filter(Boolean);
    const paths = probes.map((probe) => probe?.httpGet.path);
    expect(paths).toEqual(program === 'api' ? ['/healthz', '/healthz', '/readyz'] : ['/metrics']);
    const [port] = container.ports;
    expect(probes.every((probe) => probe?.httpGet.port === port?.name)).toBe(true);
    const routes = textOf(
      program === 'api' ? 'apps/api/src/routes/health.ts' : 'apps/worker/src/metrics/serve-metrics.ts',
    );
    expect(paths.filter((route) => !routes.includes(`'${route ?? ''}'`))).toEqual([]);
  });
});

describe('the Kubernetes manifests', () => {
  it('give a worker as many slots as it asks for cores, and scale by as many trials', () => {
    const [container] = deploymentOf('worker').spec.template.spec.containers;
    const slots = kubernetesEnvironment('worker')['COMPOUND_SEARCH_SLOTS'];
    expect(container.resources.requests['cpu']).toBe(slots);
    expect(JSON.stringify(manifestsOf('components/keda'))).toContain(`"threshold":"${slots ?? ''}"`);
  });

  it('give each worker on a GPU the image with CUDA, and as many slots as trials on its GPU', () => {
    const component = textOf('deploy/kubernetes/components/gpu/kustomization.yaml');
    const newImage = /newName: compound-search-(\S+)/.exec(component)?.[1];
    expect([...imageStages().keys()]).toContain(newImage);
    const patched = Array.from(component.matchAll(/name: ([A-Z_]+), value: '([^']*)'/g));
    const environment = Object.fromEntries(patched.map(([, name = '', value = '']) => [name, value]));
    expect(unread('worker-gpu', environment)).toEqual([]);
    const read = readWorker({ ...kubernetesEnvironment('worker'), ...environment });
    expect(read.COMPOUND_SEARCH_SLOTS).toBe(read.COMPOUND_SEARCH_GPUS?.length);
  });
});
