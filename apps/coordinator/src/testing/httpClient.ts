/** Clients of a server in tests: one that speaks HTTP, and one that writes what it is told. */
import { connect, type Socket } from 'node:net';

export interface Served {
  readonly url: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly outputs: Record<string, unknown>[];
  readonly error: Record<string, string>;
}

/** A body that is no text is sent as JSON. */
export async function post({ url }: Served, path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const { outputs = [], error = {} } = (await response.json()) as Partial<Answer>;
  return { status: response.status, headers: response.headers, outputs, error };
}

/** The headers of a request with so many bytes to come. */
export const head = (path: string, bytes: number): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`;

export interface RawClient {
  readonly socket: Socket;
  /** All that came back, when the connection has closed. */
  readonly answer: Promise<string>;
}

/** A client that writes what it is told and no more. */
export async function rawClient(at: Served, text: string): Promise<RawClient> {
  const { hostname, port } = new URL(at.url);
  const socket: Socket = connect(Number(port), hostname);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const answer = new Promise<string>((resolve) => {
    let all = '';
    socket.setEncoding('utf8').on('data', (part: string) => (all += part));
    socket.on('error', () => undefined).on('close', () => resolve(all));
  });
  socket.write(text);
  return { socket, answer };
}

/** Until so many requests are being read. */
export async function untilActive(active: number, { url }: Served): Promise<void> {
  for (;;) {
    const { active: now } = (await (await fetch(`${url}/health`)).json()) as { active: number };
    if (now === active) return;
  }
}
