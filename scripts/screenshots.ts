/**
 * Pictures of the page with the search of the quick start, run for them: `npm run screenshots` makes the one of the README,
 * docs/images/page.png. With `-- --all FOLDER` every page of the search is pictured too, in both themes, wide and narrow.
 * It takes some two minutes, and a browser on this machine.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { searchRequestSchema } from '@compound-search/contracts';
import { createClient } from '@compound-search/sdk';
import { type Browser, chromium, type Page } from 'playwright-core';

import { tabs } from '../apps/dashboard/src/address.ts';
import { findBrowser } from '../apps/dashboard/test/env.ts';
import { startService } from '../bench/processes/service-process.ts';

const { values: options } = parseArgs({ options: { all: { type: 'string' } } });
const readmePicture = fileURLToPath(new URL('../docs/images/page.png', import.meta.url));
const quickstart = new URL('../apps/cli/quickstart.json', import.meta.url);

interface View {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}

/** Opens a page of the service and waits until everything that it shows is there. */
async function openPage(browser: Browser, address: string, { theme, width, height }: View): Promise<Page> {
  const page = await browser.newPage({ colorScheme: theme, viewport: { width, height }, deviceScaleFactor: 2 });
  await page.goto(address);
  await page.locator('.card').first().waitFor();
  await page.waitForLoadState('networkidle');
  return page;
}

async function pictureAll(browser: Browser, url: string, searchId: string, folder: string): Promise<void> {
  const pages = {
    searches: '#/',
    new: `#/new?from=${searchId}`,
    ...Object.fromEntries(tabs.map((tab) => [tab, `#/searches/${searchId}/${tab}`])),
  };
  for (const [name, hash] of Object.entries(pages)) {
    for (const theme of ['light', 'dark'] as const) {
      for (const width of [1440, 390]) {
        const page = await openPage(browser, `${url}/${hash}`, { theme, width, height: 900 });
        await page.screenshot({ path: path.join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
        await page.close();
      }
    }
  }
}

const executablePath = findBrowser();
if (executablePath === undefined) throw new Error('No Chromium, Chrome or Edge is found, nor named by CHROMIUM_PATH.');
const dataFolder = await mkdtemp(path.join(tmpdir(), 'compound-search-screenshots-'));
const service = await startService(dataFolder);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const client = createClient({ baseUrl: service.url });
  const request = searchRequestSchema.parse(JSON.parse(await readFile(quickstart, 'utf8')));
  const { id } = await client.createSearch(request);
  await client.waitForSearch(id);
  if (options.all !== undefined) await pictureAll(browser, service.url, id, options.all);
  const page = await openPage(browser, `${service.url}/#/searches/${id}`, { theme: 'light', width: 1200, height: 900 });
  await page.screenshot({ path: readmePicture });
} finally {
  await browser.close();
  await service.stop();
  await rm(dataFolder, { recursive: true });
}
