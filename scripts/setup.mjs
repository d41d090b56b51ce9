/**
 * Makes a fresh clone ready to run: dependencies, database client, page, native TensorFlow, PostgreSQL and Valkey. It runs
 * before any dependency is there, so it is plain JavaScript on Node's own modules, and before every start and test, so
 * it takes milliseconds when all is in place. `--gpu` and `--cpu` choose the TensorFlow build.
 */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const oldestNode = [20, 19];
const root = fileURLToPath(new URL('..', import.meta.url));
function inClone(...parts) {
  return path.join(root, ...parts);
}
const stampFile = inClone('node_modules', '.compound-search', 'setup.json');
const generatedClient = inClone('packages', 'store', 'src', 'generated');
const nativeProgram = inClone('scripts', 'setup-native.ts');
const nativePackages = ['cache-folder', 'downloads', 'local-services', 'native-tensorflow'];
const page = inClone('apps', 'dashboard');
const pageParts = [
  ['apps', 'dashboard', 'src'],
  ['packages', 'sdk', 'src'],
  ['packages', 'contracts', 'src'],
];
const lockFile = inClone('.data', 'setup.lock');

class SetupError extends Error {}

async function main(flags) {
  const unknown = flags.find((flag) => flag !== '--gpu' && flag !== '--cpu');
  if (unknown !== undefined) throw new SetupError(`Unknown argument ${unknown}; there are --gpu and --cpu.`);
  requireNode();
  if (isInPlace(flags)) return;
  const start = Date.now();
  const release = await lock();
  try {
    // Another set-up may have done it all while this one waited.
    if (isInPlace(flags)) return;
    await installDependencies();
    await Promise.all([generateClient(), buildPage(), setUpNative(flags)]);
  } finally {
    release();
  }
  console.log(`Set-up: done in ${seconds(start)}`);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new SetupError(`Node ${process.versions.node} is too old: Node ${oldestNode.join('.')} or later is needed.`);
}

// What is in place is told by stamps: hashes of what a step was made from, and the sizes of the files that it made.

function isInPlace(flags) {
  return areDependenciesInPlace() && isClientInPlace() && isPageInPlace() && isNativeInPlace(flags);
}

function areDependenciesInPlace() {
  return readStamp().dependencies === hashOf([inClone('package-lock.json')]);
}

function isClientInPlace() {
  return readStamp().client === clientHash() && existsSync(generatedClient);
}

function isNativeInPlace(flags) {
  const { sources, variant, files = {} } = readStamp();
  const isChosen = flags.length === 0 || flags.at(-1) === `--${variant}`;
  return sources === hashOf(nativeSources()) && isChosen && areThere(files);
}

function isPageInPlace() {
  const { page: built } = readStamp();
  return built?.sources === hashOf(pageSources()) && areThere(built.files);
}

/** Whether files are there, by their sizes. */
function areThere(files) {
  return Object.entries(files).every(([file, bytes]) => statSync(file, { throwIfNoEntry: false })?.size === bytes);
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

function writeStamp(change) {
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeWhole(stampFile, JSON.stringify({ ...readStamp(), ...change }));
}

function writeWhole(file, text) {
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${path.relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/** The sources that the native step is made of. */
function nativeSources() {
  return [nativeProgram, ...nativePackages.flatMap((name) => filesIn(inClone('packages', name, 'src')))];
}

/** All that decides what the built page is. */
function pageSources() {
  const parts = pageParts.flatMap((names) => filesIn(inClone(...names)));
  return [path.join(page, 'index.html'), path.join(page, 'vite.config.ts'), inClone('package-lock.json'), ...parts];
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function clientHash() {
  return hashOf([inClone('prisma', 'schema.prisma'), inClone('package-lock.json')]);
}

// Dependencies.

async function installDependencies() {
  if (areDependenciesInPlace()) return;
  if (!isInstalled()) {
    const start = Date.now();
    console.log('Dependencies: installing');
    await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    console.log(`Dependencies: installed in ${seconds(start)}`);
  }
  writeStamp({ dependencies: hashOf([inClone('package-lock.json')]) });
}

/** Whether node_modules is what the lock file says, by npm's own record of what it installed last. */
function isInstalled() {
  const installed = packagesIn(inClone('node_modules', '.package-lock.json'));
  const locked = packagesIn(inClone('package-lock.json'));
  if (!installed || !locked) return false;
  const packages = Object.entries(locked).filter(([name, entry]) => name.includes('node_modules/') && !entry.link);
  return packages.every(([name, entry]) => {
    const found = installed[name];
    // What is optional may be for another platform.
    if (!found) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function npm(args) {
  // Under `npm run` this names npm's own program, which need not be on the search path.
  const program = process.env.npm_execpath;
  return program?.endsWith('.js') ? run(process.execPath, [program, ...args]) : run('npm', args);
}

// Database client.

async function generateClient() {
  if (isClientInPlace()) return;
  const client = clientHash();
  const start = Date.now();
  const program = inClone('node_modules', 'prisma', 'build', 'index.js');
  // `generate` wants to have a schema engine that it does not use: naming any file keeps it from downloading one.
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  };
  await run(process.execPath, [program, 'generate'], { env, isQuiet: true });
  writeStamp({ client });
  console.log(`Database client: generated in ${seconds(start)}`);
}

// Page.

async function buildPage() {
  if (isPageInPlace()) return;
  const sources = hashOf(pageSources());
  const start = Date.now();
  const program = inClone('node_modules', 'vite', 'bin', 'vite.js');
  try {
    await run(process.execPath, [program, 'build', page, '--logLevel', 'error'], { isQuiet: true });
  } catch (error) {
    // The service is whole without its page, which the next set-up tries again.
    console.warn(`Page: not built, the service goes without. ${error.message}`);
    return;
  }
  const files = Object.fromEntries(filesIn(path.join(page, 'dist')).map((file) => [file, statSync(file).size]));
  writeStamp({ page: { sources, files } });
  console.log(`Page: built in ${seconds(start)}`);
}

// Native TensorFlow, PostgreSQL and Valkey.

async function setUpNative(flags) {
  if (isNativeInPlace(flags)) return;
  const sources = hashOf(nativeSources());
  const report = `${stampFile}.native-${randomUUID()}`;
  const loader = pathToFileURL(inClone('node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  try {
    await run(process.execPath, ['--import', loader, nativeProgram, '--report', report, ...flags.slice(-1)]);
    const { variant, files } = JSON.parse(readFileSync(report, 'utf8'));
    writeStamp({ sources, variant, files });
  } finally {
    rmSync(report, { force: true });
  }
}

/** Runs a program in the clone. A quiet one is heard only when it fails. */
function run(command, args, { env = {}, isQuiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = isQuiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio });
    let said = '';
    child.stdout?.on('data', (chunk) => (said += chunk));
    child.stderr?.on('data', (chunk) => (said += chunk));
    const name = path.relative(root, args.find((arg) => arg.startsWith(root)) ?? command) || command;
    child.once('error', (error) => reject(new SetupError(`${name} cannot be run: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new SetupError(`${said}${name} ended ${signal ? `by ${signal}` : `with exit code ${code}`}.`));
    });
  });
}

// Two set-ups in one clone must not install into the same node_modules at once. The lock is made by hand, since no package
// is installed yet.

async function lock() {
  mkdirSync(path.dirname(lockFile), { recursive: true });
  let isWaiting = false;
  while (!tryLock()) {
    if (removeDeadLock()) continue;
    if (!isWaiting) console.log('Set-up: waiting for another one in this clone');
    isWaiting = true;
    await sleep(200);
  }
  return () => rmSync(lockFile, { force: true });
}

function tryLock() {
  const own = `${lockFile}.${randomUUID()}`;
  writeFileSync(own, String(process.pid));
  try {
    // A link fails where the name is taken, and the file is whole from the first moment.
    linkSync(own, lockFile);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes the lock of a set-up that was killed. Returns whether there is none any more. */
function removeDeadLock() {
  const pid = readPid(lockFile);
  if (pid === undefined) return true;
  if (isRunning(pid)) return false;
  const aside = `${lockFile}.${randomUUID()}`;
  try {
    renameSync(lockFile, aside);
    // Between the look and the rename another process may have done the same and taken the lock: give it back.
    if (readPid(aside) !== pid) linkSync(aside, lockFile);
  } catch {
    // Another process was faster; the next try sees what it left.
  } finally {
    rmSync(aside, { force: true });
  }
  return true;
}

function readPid(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function seconds(start) {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof SetupError ? `Set-up: ${error.message}` : error);
  process.exitCode = 1;
}
