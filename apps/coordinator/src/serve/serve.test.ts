/** A server on a free port, asked over real sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as trainer from '@lockstep/trainer';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, post, rawClient, untilActive, type Answer } from '../testing/httpClient.ts';
import { jsonLines, lockstep, start } from '../testing/lockstep.ts';
import { writeMnistLike } from '../testing/idx.ts';
import { workerEntry } from '../trainer.ts';
import { serveRun, type RunningServer, type ServeOptions } from './serveRun.ts';

const SIDE = 28;
let folder: string;
let run: string;
let server: RunningServer;

const serve = (options: Partial<ServeOptions> = {}): Promise<RunningServer> =>
  serveRun(trainer, run, { workerEntry: workerEntry(), port: 0, engine: 'onnx', ...options });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-serve-'));
  const data = writeMnistLike(join(folder, 'data'), { train: 128, test: 32 });
  run = join(folder, 'run');
  const args = ['--preset', 'mlp-2d', '--steps', '2', '--workers', '1', '--engine', 'onnx'];
  const { code } = await lockstep(['train', '--data', data, ...args, '--out', run, '--quiet']);
  expect(code).toBe(0);
  server = await serve();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const image = (seed: number): number[][] =>
  Array.from({ length: SIDE }, (_, y) =>
    Array.from({ length: SIDE }, (_, x) => ((seed * 31 + y * 7 + x * 3) % 256) / 255),
  );
/** As [height, width, channels]. */
const input = (seed: number) => image(seed).map((row) => row.map((value) => [value]));

const ask = (path: string, body: unknown, at = server): Promise<Answer> => post(at, path, body);

describe('routes', () => {
  it('encode, reconstruct and score examples, decode latents', async () => {
    const { status, outputs } = await ask('/encode', { inputs: [input(1), input(2)] });
    expect([status, outputs.length]).toEqual([200, 2]);
    const { mu, logVar } = outputs[0] as { mu: number[]; logVar: number[] };
    expect([mu.length, logVar.length]).toEqual([2, 2]);
    const decoded = await ask('/decode', { inputs: [mu] });
    const reconstructed = await ask('/reconstruct', { inputs: [input(1)] });
    expect(decoded.outputs).toEqual(reconstructed.outputs);
    const { x } = decoded.outputs[0] as { x: number[][][] };
    expect([x.length, x[0]?.length, x[0]?.[0]?.length]).toEqual([SIDE, SIDE, 1]);
    const [score] = (await ask('/score', { inputs: [input(1)] })).outputs as [
      { loss: number; reconstruction: number; kl: number },
    ];
    expect(score.reconstruction + score.kl).toBeCloseTo(score.loss, 3);
  });

  it('take PNG', async () => {
    const bytes = Uint8Array.from(image(5).flat(), (value) => Math.round(value * 255));
    const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
    const png = await sharp(bytes, { raw }).toColourspace('b-w').png().toBuffer();
    const both = await ask('/encode', { inputs: [png.toString('base64'), input(5)] });
    expect(both.outputs[0]).toEqual(both.outputs[1]);
    const other = await sharp(bytes, { raw }).resize(8, 8).png().toBuffer();
    const { status, error } = await ask('/encode', { inputs: [other.toString('base64')] });
    expect(status).toBe(422);
    expect(error).toMatchObject({ where: 'inputs[0]', got: '8 x 8' });
  });

  it.each(['/encode', '/reconstruct', '/score'])(
    '%s answers alike however many ask at once',
    async (path) => {
      const requests = Array.from({ length: 40 }, (_, i) => ({ inputs: [input(i)] }));
      const alone: Answer[] = [];
      for (const request of requests) alone.push(await ask(path, request));
      const single = alone.map(({ outputs }) => outputs[0]);
      const together = await Promise.all(requests.map((request) => ask(path, request)));
      const inOne = await ask(path, { inputs: requests.map(({ inputs }) => inputs[0]) });
      for (const others of [together.map(({ outputs }) => outputs[0]), inOne.outputs]) {
        if (path !== '/score') expect(others).toEqual(single);
        // A sum over an example's values is added up in an order that its place in the batch decides.
        const losses = (of: typeof others) => of.map((score) => Number(score?.['loss'] ?? 0));
        losses(others).forEach((loss, i) => {
          expect(Math.abs(loss - (losses(single)[i] ?? 0))).toBeLessThan(2e-6 * loss + 1e-9);
        });
      }
    },
  );

  it('say what there is', async () => {
    const get = (path: string) => fetch(`${server.url}${path}`);
    expect(await (await get('/health')).json()).toEqual({ status: 'ok', active: 0 });
    expect(await (await get('/model')).json()).toMatchObject({
      name: 'mlp-2d',
      kind: 'image',
      step: 2,
    });
    const api = (await (await get('/openapi.json')).json()) as Record<string, object>;
    expect(api['openapi']).toBe('3.1.0');
    expect(Object.keys(api['paths'] ?? {})).toEqual(['/health', '/model', '/encode', '/decode', '/reconstruct', '/score']); // prettier-ignore
    const schemaOf = (path: string, method: string, status = 200) =>
      `paths.${path}.${method}.responses.${status}.content.application/json.schema`.split('.');
    for (const path of ['/health', '/model']) {
      const answer = (await (await get(path)).json()) as object;
      const said = [...schemaOf(path, 'get'), 'properties'].reduce<unknown>(
        (part, key) => (part as Record<string, unknown>)[key],
        api,
      );
      expect(Object.keys(said as object)).toEqual(Object.keys(answer));
    }
    const shown = await get('/');
    const text = await shown.text();
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('POST /encode');
    // An example that can be pasted: all of it stands there.
    const example = /\/encode -H .* -d &#39;(.*)&#39;<\/pre>/.exec(text)?.[1] ?? '';
    const answer = await ask('/encode', example.replaceAll('&quot;', '"'));
    expect([answer.status, answer.outputs.length]).toEqual([200, 1]);
    // Nothing is loaded from anywhere.
    expect(text).not.toMatch(/<script|<link|<img|https:/);
  });
});

describe('what is refused', () => {
  it.each<[string, unknown, number, Record<string, string>]>([
    ['no JSON', '{"inputs": [\n1, oops', 400, { where: 'body, line 2, column 4' }],
    ['JSON that ends too early', '{"inputs": [', 400, { code: 'SERVE_JSON' }],
    ['nothing', '', 400, { got: 'nothing' }],
    ['a list', '[]', 422, { got: 'a list' }],
    ['no inputs', {}, 422, { where: 'inputs', got: 'nothing' }],
    ['no input', { inputs: [] }, 422, { where: 'inputs' }],
    ['too many inputs', { inputs: Array(1025).fill([0, 0]) }, 422, { where: 'inputs', got: 'a list of 1025' }], // prettier-ignore
    ['another field', { inputs: [[1]], seed: 1 }, 422, { got: '"seed" besides' }],
    ['labels', { inputs: [[1]], labels: [1] }, 422, { where: 'labels' }],
    ['a wrong shape', { inputs: [[0, 0], [0]] }, 422, { where: 'inputs[1]', expected: 'a list of 2 numbers' }], // prettier-ignore
    ['a text', { inputs: [[0, 'x']] }, 422, { where: 'inputs[0][1]', got: '"x"' }],
    ['an infinite number', '{"inputs": [[0, 1e999]]}', 422, { where: 'inputs[0][1]' }],
    ['NaN, which JSON lacks', '{"inputs": [[0, NaN]]}', 400, { where: 'body, line 1, column 17' }],
    ['null for a latent', { inputs: [[0, null]] }, 422, { where: 'inputs[0][1]', got: 'null' }],
    ['latents that overflow', { inputs: [[0, 0], [3e38, 3e38]] }, 422, { code: 'SERVE_NOT_FINITE', where: 'inputs[1]' }], // prettier-ignore
  ])('%s', async (_, body, status, error) => {
    const answer = await ask('/decode', body);
    expect(answer.status).toBe(status);
    expect(answer.error).toMatchObject(error);
    expect(Object.keys(answer.error)).toEqual(['code', 'where', 'expected', 'got', 'fix']);
  });

  it('values that are no pixels, another path, method or type', async () => {
    const { status, error } = await ask('/encode', { inputs: [input(1).map(() => [[2]])] });
    expect([status, error['where']]).toEqual([422, 'inputs[0][0]']);
    expect((await ask('/nothing', {})).status).toBe(404);
    const got = await fetch(`${server.url}/encode`);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    const text = await fetch(`${server.url}/encode`, { method: 'POST', body: '{}' });
    expect(text.status).toBe(415);
    for (const path of ['/', '/health', '/model', '/openapi.json']) {
      const posted = await ask(path, {});
      expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      expect(posted.error).toMatchObject({ code: 'SERVE_METHOD', got: 'POST' });
    }
  });

  it('a body that is compressed; a byte-order mark before one is passed over', async () => {
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    const body = gzipSync('{"inputs": [[0, 0]]}');
    const zipped = await fetch(`${server.url}/decode`, { method: 'POST', headers, body });
    const { error } = (await zipped.json()) as Pick<Answer, 'error'>;
    expect(zipped.status).toBe(415);
    expect(error).toMatchObject({ code: 'SERVE_CONTENT_ENCODING', got: 'gzip' });
    expect((await ask('/decode', '\ufeff{"inputs": [[0, 0]]}')).status).toBe(200);
  });

  it('a body in another encoding than UTF-8', async () => {
    const headers = { 'Content-Type': 'application/json; charset=iso-8859-1' };
    const body = Buffer.from('{"inputs": ["caf\u00e9"]}', 'latin1');
    const answer = await fetch(`${server.url}/encode`, { method: 'POST', headers, body });
    const { error } = (await answer.json()) as Pick<Answer, 'error'>;
    expect(answer.status).toBe(400);
    expect(error).toMatchObject({ code: 'SERVE_ENCODING', where: 'body' });
  });
});

describe('limits', () => {
  it('a body that is too large, whether it says so before or not', async () => {
    const small = await serve({ maxBodyBytes: 1000 });
    try {
      const { status, error } = await ask('/decode', JSON.stringify({ inputs: 'x'.repeat(5000) }), small); // prettier-ignore
      expect([status, error['code']]).toEqual([413, 'SERVE_BODY_SIZE']);
      const chunk = `400\r\n${' '.repeat(0x400)}\r\n`;
      const chunked = head('/decode', 0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
      const { answer } = await rawClient(small, chunked + chunk.repeat(4));
      expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
      expect((await ask('/decode', { inputs: [[0, 0]] }, small)).status).toBe(200);
    } finally {
      await small.close();
    }
  });

  it('more requests at once than may be', async () => {
    const narrow = await serve({ concurrency: 1 });
    try {
      const body = JSON.stringify({ inputs: [[0, 0]] });
      const slow = await rawClient(narrow, head('/decode', body.length));
      await untilActive(1, narrow);
      const { status, error, headers } = await ask('/decode', body, narrow);
      expect([status, error['code'], headers.get('retry-after')]).toEqual([503, 'SERVE_BUSY', '1']);
      slow.socket.write(body);
      expect(await slow.answer).toMatch(/^HTTP\/1\.1 200 /);
      expect((await ask('/decode', body, narrow)).status).toBe(200);
    } finally {
      await narrow.close();
    }
  });

  it('names, where a model of pictures has none', async () => {
    await expect(serve({ unknown: 'ignore' })).rejects.toMatchObject({
      code: 'CONFIG_USELESS_FLAG',
      where: '--unknown',
    });
  });

  it('a port that is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(serve({ port })).rejects.toMatchObject({
      code: 'SERVE_LISTEN',
      got: 'EADDRINUSE',
    });
  });
});

describe('closing', () => {
  it('answers what has come, and nothing more', async () => {
    const closing = await serve();
    const body = JSON.stringify({ inputs: [[0, 0]] });
    const request = head('/decode', body.length).replace('close', 'keep-alive');
    const { socket, answer } = await rawClient(closing, request);
    await untilActive(1, closing);
    const closed = closing.close();
    socket.write(body);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*connection: close/i);
    await closed;
    await expect(fetch(closing.url)).rejects.toThrow('fetch failed');
  });

  it('by Ctrl-C, for the command', async () => {
    const running = start(['serve', run, '--port', '0', '--json', '--engine', 'onnx']);
    await running.printed('\n');
    running.child.stdout?.once('data', () => undefined);
    running.child.kill('SIGINT');
    const finished = await running.finished;
    expect([finished.code, finished.stderr]).toEqual([0, '']);
    expect(jsonLines(finished)).toMatchObject([
      { event: 'serving', name: 'mlp-2d', functions: ['encode', 'decode', 'reconstruct', 'score'] },
      { event: 'closed' },
    ]);
  });
});
