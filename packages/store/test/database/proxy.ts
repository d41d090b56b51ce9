import { connect, createServer, type Socket } from 'node:net';

/** A network between a client and PostgreSQL that can go silent: connections stay open, and nothing comes through. */
export interface Proxy {
  readonly databaseUrl: string;
  /** Holds back what the server answers from now on; what clients send still reaches it. */
  silence(): void;
  close(): Promise<void>;
}

export async function startProxy(databaseUrl: string): Promise<Proxy> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let silent = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      if (!silent) client.write(data);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  const target = new URL(databaseUrl);
  target.hostname = '127.0.0.1';
  target.port = String(address.port);
  return {
    databaseUrl: target.href,
    silence() {
      silent = true;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
