import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { createClient } from '@compound-search/sdk';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type CommandRun, runCommand } from '../../../cli/test/command.ts';
import { serviceUrlOf } from '../../../cli/test/service-url-of.ts';
import { smallSearch } from '../../../cli/test/small-search.ts';
import { findBrowser } from '../env.ts';

const built = fileURLToPath(new URL('../../dist', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A training and the start of a service on a machine that does other things too. */
const patience = 240_000;

let folder = '';
let run: CommandRun | undefined;
let browser: Browser | undefined;
let url = '';
let context: BrowserContext | undefined;
let searchId = '';

async function open(hash: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  // Tests put their own axe into a page whose policy allows the service's scripts only.
  context = await browser?.newContext({
    colorScheme,
    permissions: ['clipboard-read', 'clipboard-write'],
    bypassCSP: true,
  });
  const page = await context?.newPage();
  if (page === undefined) throw new Error('The browser has not started');
  page.setDefaultTimeout(patience);
  await page.goto(`${url}/${hash}`);
  return page;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'page-'));
  run = runCommand(['serve', '--data', folder, '--port', '0', '--slots', '1']);
  url = await serviceUrlOf(run);
  browser = await chromium.launch({
    executablePath: findBrowser() ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const search = await createClient({ baseUrl: url }).createSearch(smallSearch);
  searchId = search.id;
}, patience);
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  run?.child.kill('SIGTERM');
  await run?.ended;
  rmSync(folder, { recursive: true });
}, patience);

describe('the page', { timeout: patience }, () => {
  it('starts a search from its form, shows its end, and gives the answer as the service gives it', async () => {
    const page = await open('#/new');
    await page
      .getByLabel(/Request as JSON/)
      .fill(JSON.stringify({ ...smallSearch, name: 'from the form', reuse: true }));
    await page.getByText('1 point → 1 feasible → 1 candidate → 1 trial').waitFor();
    const streamed = page.waitForResponse((response) => response.url().endsWith('/events'));
    await page.getByRole('button', { name: 'Start the search' }).click();
    await page.getByRole('heading', { name: 'from the form' }).waitFor();
    expect((await streamed).headers()).toMatchObject({
      'content-type': expect.stringContaining('text/event-stream') as unknown,
    });
    await page.getByText('Completed.').waitFor();
    const overview = page.url();

    await page.getByRole('link', { name: 'Answer', exact: true }).click();
    await page.getByRole('button', { name: 'Copy JSON' }).click();
    await page.getByText('Copied').waitFor();
    const copied: unknown = JSON.parse(await page.evaluate('navigator.clipboard.readText()'));
    const id = /searches\/([^/]+)/.exec(overview)?.[1] ?? '';
    expect(copied).toEqual(await createClient({ baseUrl: url }).coefficients(id));

    await page.goBack();
    expect(page.url()).toBe(overview);
    await page.getByText('Where on the constraint').waitFor();
  });

  it('has fields for what most searches differ in, which are the request and show its plan', async () => {
    const page = await open('#/new');
    const request = async (): Promise<unknown> => JSON.parse(await page.getByLabel(/Request as JSON/).inputValue());
    const depth = page.getByLabel('α, depth');
    await depth.fill('1, 1.2');
    await depth.fill('1, 1.2,');
    expect(await depth.getAttribute('aria-invalid')).toBe('true');
    expect(await request()).toMatchObject({ grid: { alpha: [1, 1.2] } });
    await depth.fill('solve');
    await page.getByLabel('Cost target').fill('1.9');
    await page.getByLabel('Strategy').selectOption('full');
    expect(await request()).toMatchObject({
      grid: { alpha: 'solve' },
      constraint: { target: 1.9 },
      strategy: 'full',
    });
    await page.getByText('9 points → ').waitFor();
    await page.getByRole('img', { name: /Candidates by the parts/ }).waitFor();

    await page.getByLabel(/Request as JSON/).fill(JSON.stringify({ ...smallSearch, name: 'by JSON' }));
    expect(await page.getByLabel('Name').inputValue()).toBe('by JSON');
    await page.getByLabel(/Request as JSON/).fill('{');
    await page.getByText(/Not valid JSON/).waitFor();
    expect(await page.getByLabel('Name').isDisabled()).toBe(true);
  });

  it('marks a candidate in the table and in the address, and a link restores it', async () => {
    const page = await open(`#/searches/${searchId}`);
    const mark = page.getByRole('button', { name: /Mark the candidate of rank 1/ });
    await mark.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/candidate=/);
    await page.reload();
    await page.getByText('Chosen: rank 1').waitFor();
    expect(await mark.getAttribute('aria-pressed')).toBe('true');
  });

  it('shows what became of each attempt at a trial, and runs it again', async () => {
    const client = createClient({ baseUrl: url });
    await client.waitForSearch(searchId);
    const { items } = await client.trials(searchId, { state: 'completed' });
    const id = items[0]?.id ?? '';
    const [attempt] = (await client.trialLog(id)).attempts;
    const page = await open(`#/searches/${searchId}/trials`);
    await page.getByRole('link', { name: id.slice(0, 8), exact: true }).click();
    const shown = page.getByRole('region', { name: 'Attempt 1', exact: true });
    await shown.getByText(/^completed after/).waitFor();
    await shown.getByText(`${attempt?.workerId} on ${attempt?.host}`).waitFor();
    await shown.getByText(/batches of \d+; TensorFlow/).waitFor();

    await page.getByRole('button', { name: 'Run again' }).click();
    await page.waitForURL((address) => !address.hash.includes(id));
    const rerunId = /trial=([^&]+)/.exec(page.url())?.[1] ?? '';
    expect(await client.trial(rerunId)).toMatchObject({ purpose: 'rerun', rerunOf: id });
  });

  it('says how old its numbers are while the service is away, and goes on when it is back', async () => {
    const page = await open('#/');
    await page.getByRole('link', { name: 'small' }).waitFor();
    await context?.setOffline(true);
    await page.getByText('The service does not answer.').waitFor();
    await page.getByText(/What is shown is \d+ s old/).waitFor();
    await context?.setOffline(false);
    await page.getByText('The service does not answer.').waitFor({ state: 'detached' });
  });

  it('says in words what is not there', async () => {
    const page = await open('#/searches/none');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('none');
    await page.goto(`${url}/#/nonsense`);
    await page.getByText('There is nothing at this address').waitFor();
  });

  it.each(['light', 'dark'] as const)('can be used by everybody, and fits a phone, in its %s theme', async (theme) => {
    const page = await open('#/', theme);
    const parts = ['', '/candidates', '/trials', '/answer', '/request'].map((part) => `#/searches/${searchId}${part}`);
    await page.setViewportSize({ width: 360, height: 740 });
    for (const hash of ['#/', '#/new', ...parts]) {
      await page.goto(`${url}/${hash}`);
      await page.locator('.card').first().waitFor();
      await page.evaluate(axe);
      const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>('axe.run()');
      const faults = found.violations.map(
        ({ id, nodes }) => `${hash} ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
      );
      expect(faults).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
  });

  it('asks nobody but the service, and breaks none of its own rules', async () => {
    const strict = await browser?.newContext();
    const page = await strict?.newPage();
    const [foreign, complaints]: [string[], string[]] = [[], []];
    page?.on('request', (request) => {
      if (new URL(request.url()).origin !== url) foreign.push(request.url());
    });
    page?.on('console', (message) => complaints.push(message.text()));
    await page?.goto(`${url}/#/searches/${searchId}`);
    await page?.getByText('Where on the constraint').waitFor();
    await strict?.close();
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });

  it('comes in no more than 130 kB', () => {
    const files = readdirSync(built, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const sizes = files.map(({ parentPath, name }) => gzipSync(readFileSync(path.join(parentPath, name))).length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(130_000);
  });
});
