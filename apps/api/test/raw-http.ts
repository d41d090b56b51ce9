import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';

import type { Problem } from '@compound-search/contracts';
import type { FastifyInstance } from 'fastify';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Listens on a free port of loopback where the service does not listen yet, and connects. */
export async function connectTo(app: FastifyInstance): Promise<Socket> {
  if (app.addresses().length === 0) await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.addresses()[0] as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are, and reads all answers until the service closes the connection. */
export async function exchange(app: FastifyInstance, bytes: string | Buffer): Promise<RawAnswer[]> {
  const socket = await connectTo(app);
  socket.write(bytes);
  return readAnswers(socket);
}

export async function readAnswers(socket: Socket): Promise<RawAnswer[]> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  await once(socket, 'close');
  return parseAnswers(Buffer.concat(chunks).toString());
}

function parseAnswers(text: string): RawAnswer[] {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return [];
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const status = Number(statusLine.split(' ')[1]);
  if (status < 200) return parseAnswers(text.slice(end + 4));
  const length = Number(headers['content-length'] ?? text.length);
  const body = text.slice(end + 4, end + 4 + length);
  return [{ status, headers, body }, ...parseAnswers(text.slice(end + 4 + length))];
}

/** The problem document of an answer. @throws where it is none */
export function problemOf(answer: RawAnswer | undefined): Problem {
  if (answer?.headers['content-type'] !== 'application/problem+json; charset=utf-8') {
    throw new Error(`The answer is no problem document: ${JSON.stringify(answer)}`);
  }
  return JSON.parse(answer.body) as Problem;
}
