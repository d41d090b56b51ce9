/**
 * A program: fetches and links what cannot come from npm. It is run by scripts/setup.mjs, prints a line for each step
 * that had something to do, and ends with exit code 1 and the reason where training or the services could not run.
 *
 * `--gpu` and `--cpu` choose the TensorFlow build; without either the one in use stays. With `--report <file>` it writes
 * there which files must stay as they are for all to be in place, so that the next set-up need not look closer.
 */
import { readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { CompoundSearchError } from '@compound-search/contracts';
import { ensureValkey, postgresBinaries, valkeyBinary, valkeyVersion } from '@compound-search/local-services';
import {
  addonLink,
  ensureTensorflow,
  pinnedLibrary,
  tensorflowPackage,
  type TensorflowVariant,
  tensorflowVersion,
} from '@compound-search/native-tensorflow';

/** Files by path, with their size in bytes; links are followed. */
type FileSizes = Record<string, number>;

function sizesOf(files: readonly string[]): FileSizes {
  return Object.fromEntries(files.map((file) => [file, statSync(file).size]));
}

interface TensorflowReport {
  readonly variant: TensorflowVariant | undefined;
  readonly files: FileSizes;
}

async function setUpTensorflow(variant: TensorflowVariant | undefined): Promise<TensorflowReport> {
  const setup = await ensureTensorflow({ variant, stream: process.stderr });
  const name = `TensorFlow ${setup.variant ? `${tensorflowVersion} (${setup.variant})` : ''}`;
  if (setup.done.length > 0) console.log(`${name}: ${setup.done.join(', ')}`);
  const link = addonLink(tensorflowPackage());
  if (!setup.variant) return { variant: undefined, files: sizesOf([link]) };
  const libraries = path.join(pinnedLibrary(setup.variant), 'lib');
  const files = readdirSync(libraries).map((name) => path.join(libraries, name));
  return { variant: setup.variant, files: sizesOf([link, realpathSync(link), ...files]) };
}

async function setUpServices(): Promise<FileSizes> {
  const start = performance.now();
  const { folder } = postgresBinaries();
  let isFetched = false;
  try {
    isFetched = await ensureValkey();
  } catch (error) {
    // A server of the machine serves as well; where there is none, this says so.
    if (!(error instanceof CompoundSearchError)) throw error;
    await valkeyBinary().catch(() => {
      throw error;
    });
  }
  if (isFetched)
    console.log(`Valkey ${valkeyVersion}: fetched in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  const valkey = await valkeyBinary();
  return sizesOf([path.join(folder, 'bin', 'postgres'), valkey.command]);
}

function report(error: unknown): void {
  process.exitCode = 1;
  if (!(error instanceof CompoundSearchError)) {
    console.error(error);
    return;
  }
  console.error(`${error.code}: ${error.message}`);
  if (error.remedy !== undefined) console.error(`What helps: ${error.remedy}`);
}

const { values } = parseArgs({
  options: { gpu: { type: 'boolean' }, cpu: { type: 'boolean' }, report: { type: 'string' } },
});
const variant = values.gpu ? 'gpu' : values.cpu ? 'cpu' : undefined;
const [services, tensorflow] = await Promise.allSettled([setUpServices(), setUpTensorflow(variant)]);
if (services.status === 'rejected') report(services.reason);
if (tensorflow.status === 'rejected') report(tensorflow.reason);
if (services.status === 'fulfilled' && tensorflow.status === 'fulfilled' && values.report !== undefined) {
  const files = { ...services.value, ...tensorflow.value.files };
  writeFileSync(values.report, JSON.stringify({ variant: tensorflow.value.variant, files }));
}
