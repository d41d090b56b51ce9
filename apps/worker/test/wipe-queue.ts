import { once } from 'node:events';
import { connect } from 'node:net';

/** Deletes every key that begins with the prefix, as a flushed or replaced server would lose them. */
export async function wipeQueue(redisUrl: string, prefix: string): Promise<void> {
  const { hostname, port, password } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const script = "for _, key in ipairs(redis.call('keys', ARGV[1])) do redis.call('del', key) end return 'wiped'";
  const lines = [...(password === '' ? [] : [`AUTH ${password}`]), `EVAL "${script}" 0 ${prefix}:*`, 'QUIT'];
  socket.write(lines.map((line) => `${line}\r\n`).join(''));
  const answers: Buffer[] = [];
  for await (const chunk of socket) answers.push(chunk as Buffer);
  if (!Buffer.concat(answers).toString().includes('wiped')) throw new Error('The queue could not be wiped');
}
