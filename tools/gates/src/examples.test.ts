/** The examples do what the README says of them. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generate, readParameters } from '../../../examples/generate.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Runs `lockstep train ... --json` and returns the closing event. */
async function train(out: string, ...args: string[]): Promise<Record<string, unknown>> {
  const command = join(root, 'apps/coordinator/bin/lockstep.js');
  const options = [...args, '--workers', '2', '--out', join(folder, out), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [command, 'train', ...options]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

test('generate.ts bundles for a browser', async () => {
  const entryPoints = [join(root, 'examples/generate.ts')];
  const result = await build({ entryPoints, bundle: true, platform: 'browser', write: false });
  expect(result.outputFiles).toHaveLength(1);
});

test('generate.ts draws digits from a checkpoint', async () => {
  await train('mlp', '--preset', 'mlp', '--steps', '2');
  const { buffer } = new Uint8Array(
    await readFile(join(folder, 'mlp/checkpoints/best.safetensors')),
  );
  const { shape, pixels } = await generate(buffer, { count: 3, seed: 1 });
  expect(shape).toEqual([3, 28, 28, 1]);
  expect(pixels.every((value) => value > 0 && value < 1)).toBe(true);
  // After two steps the background is darker than 1/2, and not all pixels are the same.
  expect(new Set(pixels).size).toBeGreaterThan(1000);
  expect((await generate(buffer, { count: 3, seed: 1 })).pixels).toEqual(pixels);
  expect((await generate(buffer, { count: 3, seed: 2 })).pixels).not.toEqual(pixels);
});

test('generate.ts takes the moving average of the weights where a checkpoint has one', () => {
  const checkpoint = (...names: string[]): ArrayBuffer => {
    const entries = names.map((name, i) => [name, { data_offsets: [4 * i, 4 * i + 4] }]);
    const header = JSON.stringify({ __metadata__: {}, ...Object.fromEntries(entries) });
    const json = Buffer.from(header.padEnd(8 * Math.ceil(header.length / 8)));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    const values = Buffer.from(Float32Array.from(names, (_, i) => i).buffer);
    return new Uint8Array(Buffer.concat([length, json, values])).buffer;
  };
  const plain = checkpoint('param/a/w', 'moment/m/a/w');
  expect(readParameters(plain)).toEqual({ 'a/w': Float32Array.of(0) });
  const averaged = checkpoint('param/a/w', 'moment/m/a/w', 'ema/a/w');
  expect(readParameters(averaged)).toEqual({ 'a/w': Float32Array.of(2) });
});

test("softmax-regression.ts, a model of the user's own, learns to classify", async () => {
  const config = join(root, 'examples/softmax-regression.config.ts');
  const done = await train('softmax', config, '--epochs', '1');
  // Chance is ln 10 = 2.30 nats; a linear classifier of MNIST converges to about 0.27.
  expect(done['testLoss']).toBeLessThan(0.5);
});
