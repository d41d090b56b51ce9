import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends one command, written as on the command line of a server, and gives what the server said. */
export async function redisCommand(redisUrl: string, command: string): Promise<string> {
  const { hostname, port, password } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const lines = [...(password === '' ? [] : [`AUTH ${password}`]), command, 'QUIT'];
  socket.write(lines.map((line) => `${line}\r\n`).join(''));
  const answers: Buffer[] = [];
  for await (const chunk of socket) answers.push(chunk as Buffer);
  return Buffer.concat(answers).toString();
}
