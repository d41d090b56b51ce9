import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { repositoryRoot } from '../src/service/repository.ts';

const scope = '@compound-search';

/** This repository with further migrations: what a later version of the service is to its database. */
export interface NewerVersion {
  readonly root: string;
  readonly addMigration: (name: string, sql: string) => void;
}

/** Copies the sources into a folder, where they import each other and not those of this repository. */
export function newerVersion(root: string): NewerVersion {
  for (const part of ['apps', 'packages', 'prisma']) {
    cpSync(path.join(repositoryRoot, part), path.join(root, part), {
      recursive: true,
      filter: (file) => !['node_modules', 'test'].includes(path.basename(file)),
    });
  }
  const installed = path.join(repositoryRoot, 'node_modules');
  linkAll(installed, path.join(root, 'node_modules'), (name) => name !== scope);
  linkAll(path.join(root, 'packages'), path.join(root, 'node_modules', scope));
  // What an app needs in another version than the others do.
  const ofApi = path.join('apps', 'api', 'node_modules');
  symlinkSync(path.join(repositoryRoot, ofApi), path.join(root, ofApi));
  return {
    root,
    addMigration: (name, sql) => {
      const folder = path.join(root, 'prisma', 'migrations', name);
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'migration.sql'), sql);
    },
  };
}

function linkAll(from: string, to: string, isWanted: (name: string) => boolean = () => true): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter(isWanted)) symlinkSync(path.join(from, name), path.join(to, name));
}
