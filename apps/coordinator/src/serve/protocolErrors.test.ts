/** What a server does with clients that are slow, speak no HTTP, or are still there when it closes. */
import { InputError, type ModelService } from '@lockstep/trainer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, post, rawClient, untilActive } from '../testing/httpClient.ts';
import { serveRun, type RunningServer, type ServeOptions } from './serveRun.ts';

const errors: unknown[] = [];
const workerEntry = new URL(import.meta.url);

/** A server of a model that says what the test tells it to. */
function serve(
  options: Partial<ServeOptions> = {},
  answer: ModelService['answer'] = () => Promise.resolve([{ z: 1 }]),
): Promise<RunningServer> {
  const service: ModelService = {
    model: { name: 'none', checkpoint: 'none', step: 0, kind: 'array', shape: [] },
    functions: [{ use: 'encode', input: { schema: {}, example: 0 }, outputs: {} }],
    answer,
    close: () => Promise.resolve(),
  };
  const trainer = { openService: () => Promise.resolve(service), InputError };
  const onError = (error: unknown) => void errors.push(error);
  return serveRun(trainer, 'none', { workerEntry, port: 0, onError, ...options });
}

/** Status and error of an answer as it came over the wire. */
function parse(answer: string): { status: number; error: Record<string, string> } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/\r\nContent-Type: application\/json\b/i);
  expect(head).toMatch(/\r\nConnection: close/i);
  const { error } = JSON.parse(body) as { error: Record<string, string> };
  expect(Object.keys(error)).toEqual(['code', 'where', 'expected', 'got', 'fix']);
  return { status: Number(head.split(' ')[1]), error };
}

let server: RunningServer;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

const chunked = head('/encode', 0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');

it.each<[string, string, number, Record<string, string>]>([
  ['no HTTP', 'HELO there\r\n\r\n', 400, { code: 'SERVE_HTTP', where: 'request' }],
  ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, { got: 'Missing host header' }], // prettier-ignore
  ['a host that is none', 'GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', 400, { code: 'SERVE_HTTP' }], // prettier-ignore
  ['a length that is no number', head('/encode', 1).replace(': 1', ': x'), 400, { got: 'Invalid character in Content-Length' }], // prettier-ignore
  ['a chunk without a length', `${chunked}zz\r\n`, 400, { code: 'SERVE_HTTP' }],
  ['headers that are too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431, { code: 'SERVE_HEADER_SIZE' }], // prettier-ignore
  ['an expectation', `${head('/encode', 2).replace('\r\n\r\n', '\r\nExpect: wonders\r\n\r\n')}{}`, 417, { where: 'Expect', got: 'wonders' }], // prettier-ignore
])('%s is refused in JSON', async (_, request, status, details) => {
  const { answer } = await rawClient(server, request);
  const refused = parse(await answer);
  expect(refused.status).toBe(status);
  expect(refused.error).toMatchObject(details);
  await untilActive(0, server);
  expect((await post(server, '/encode', { inputs: [1] })).status).toBe(200);
  expect(errors).toEqual([]);
});

describe('a client that is too slow', () => {
  it.each([
    ['with its headers', 'POST /encode HTTP/1.1\r\nHost:'],
    ['with its body', `${head('/encode', 100)}{`],
    ['with the next chunk', `${chunked}1\r\n{\r\n`],
  ])('%s', async (_, request) => {
    const hasty = await serve({ requestTimeoutMs: 100 });
    try {
      const { answer } = await rawClient(hasty, request);
      const { status, error } = parse(await answer);
      expect([status, error['code']]).toEqual([408, 'SERVE_TIMEOUT']);
      expect(error['expected']).toContain('100 ms');
      await untilActive(0, hasty);
      expect(errors).toEqual([]);
    } finally {
      await hasty.close();
    }
  });
});

describe('closing', () => {
  it('waits for what the model still answers', async () => {
    let finish = (): void => undefined;
    const slow = await serve({}, () => new Promise((resolve) => (finish = () => resolve([]))));
    const asked = post(slow, '/encode', { inputs: [1] });
    await untilActive(1, slow);
    let isClosed = false;
    const closed = slow.close().then(() => (isClosed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    const late = await post(slow, '/encode', { inputs: [1] });
    expect([late.status, late.error['code']]).toEqual([503, 'SERVE_CLOSING']);
    expect(late.headers.get('retry-after')).toBe('1');
    expect((await fetch(`${slow.url}/health`)).status).toBe(503);
    finish();
    expect((await asked).status).toBe(200);
    await closed;
  });

  it('does not wait longer for a request than it may take to arrive', async () => {
    const hasty = await serve({ requestTimeoutMs: 100 });
    const headers = await rawClient(hasty, 'POST /encode HTTP/1.1\r\n');
    const body = await rawClient(hasty, head('/encode', 10));
    await untilActive(1, hasty);
    await hasty.close();
    expect(parse(await body.answer).status).toBe(408);
    await headers.answer;
  });
});

it('says no more than that something failed, of what nobody foresaw', async () => {
  const broken = await serve({}, () => Promise.reject(new Error('secret')));
  const { status, error } = await post(broken, '/encode', { inputs: [1] });
  expect([status, error['code']]).toEqual([500, 'UNEXPECTED']);
  expect(JSON.stringify(error)).not.toContain('secret');
  expect(errors.splice(0)).toMatchObject([{ message: 'secret' }]);
  await broken.close();
});
