import { existsSync } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** The browser of this machine: the one that CHROMIUM_PATH names, else one on the path; undefined where there is none. */
export function findBrowser(variables: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const { CHROMIUM_PATH: named, PATH: folders = '' } = variables;
  if (named !== undefined && named !== '') return named;
  const files = folders.split(path.delimiter).flatMap((folder) => names.map((name) => path.join(folder, name)));
  return files.find((file) => existsSync(file));
}
