// A program to supervise. BEHAVIOUR says what it does, DIARY is a file that it appends its life to.
import { fork } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const { BEHAVIOUR, DIARY, NAME = 'program' } = process.env;
function note(text) {
  return appendFileSync(DIARY, `${NAME} ${text}\n`);
}
function startsSoFar() {
  return readFileSync(DIARY, 'utf8').split(`${NAME} started`).length - 1;
}

note(`started ${process.pid}`);
function stayAlive() {
  return setInterval(() => undefined, 1000);
}
function ready() {
  return process.send({ type: 'ready', port: process.env.PORT });
}
function endOnRequest() {
  process.on('SIGTERM', () => {
    note('ended');
    process.exit(0);
  });
  process.on('disconnect', () => {
    note('orphaned');
    process.exit(0);
  });
}

switch (BEHAVIOUR) {
  case 'steady':
    endOnRequest();
    stayAlive();
    ready();
    break;
  case 'slow':
    endOnRequest();
    stayAlive();
    break;
  case 'hopeless':
    console.error(JSON.stringify({ level: 60, msg: 'cannot start', err: { message: 'no database' } }));
    process.exit(3);
    break;
  case 'flaky':
    if (startsSoFar() < 3) process.exit(1);
    endOnRequest();
    stayAlive();
    ready();
    break;
  case 'relapsing': {
    // Well at first, then for six starts not.
    const starts = startsSoFar();
    if (starts > 1 && starts < 8) process.exit(1);
    endOnRequest();
    stayAlive();
    ready();
    break;
  }
  case 'stubborn':
    process.on('SIGTERM', () => note('refused to end'));
    stayAlive();
    ready();
    break;
  case 'parent': {
    const child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, BEHAVIOUR: 'child', NAME: 'child' } });
    child.on('message', ready);
    endOnRequest();
    break;
  }
  case 'child':
    // Outlives its parent's channel on purpose.
    process.on('disconnect', () => undefined);
    stayAlive();
    process.send('here');
    break;
}
