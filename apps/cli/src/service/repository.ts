import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The root of the repository that this command belongs to. */
export const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where `serve` keeps everything unless it is told otherwise. */
export const defaultDataFolder = path.join(repositoryRoot, '.data');

/** The entry of an app; apps are started by path, since they never import one another. */
export function appEntry(app: 'api' | 'worker'): string {
  return path.join(repositoryRoot, 'apps', app, 'src', 'main.ts');
}

/** What runs TypeScript as it is, as a URL, so that it is found from any working folder. */
export function typescriptLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
