/** What `embed` and `classify` do with a finished run, and what they print. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeMnistLike } from '../testing/idx.ts';
import { jsonLines, lockstep } from '../testing/lockstep.ts';

let folder: string;
let run: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-latents-'));
  const data = writeMnistLike(at('data'), { train: 330, test: 70 });
  run = at('run');
  const args = ['--preset', 'mlp-2d', '--steps', '8', '--workers', '2', '--batch-size', '100'];
  const { code } = await lockstep(['train', '--data', data, ...args, '--out', run, '--quiet']);
  expect(code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('embed writes a table and pictures', async () => {
  const files = ['--out', at('z.csv'), '--plot', at('z.png'), '--manifold', at('m.png')];
  const { code, stdout, stderr } = await lockstep(['embed', run, ...files]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/examples +70 of /);
  expect(stdout).toMatch(/latent dimensions +2\n/);
  expect(readFileSync(at('z.csv'), 'utf8')).toMatch(/^example,label,mu0,mu1,logVar0,logVar1\r\n0,/);
  for (const name of ['z.png', 'm.png']) {
    expect((await sharp(at(name)).metadata()).format).toBe('png');
  }
  const [result] = jsonLines(
    await lockstep(['embed', run, '--out', at('z.parquet'), '--count', '5', '--json']),
  );
  expect(result).toMatchObject({
    event: 'embedding',
    examples: 5,
    latents: { output: 'mu', dim: 2 },
    files: [{ kind: 'latents', path: at('z.parquet') }],
  });
});

test('classify says how right it is, and draws who is taken for whom', async () => {
  const files = ['--out', at('c.csv'), '--plot', at('c.svg')];
  const { code, stdout, stderr } = await lockstep(['classify', run, ...files]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/method +logistic\n +learned from +330 labelled examples\n/);
  expect(stdout).toMatch(/accuracy +[01]\.\d{4}\n/);
  expect(stdout).toMatch(/class +precision +recall +F1 +examples\n +0 /);
  expect(readFileSync(at('c.svg'), 'utf8')).toContain('>predicted class</text>');
  const [result] = jsonLines(
    await lockstep(['classify', run, '--method', 'knn', '--neighbours', '3', '--json']),
  );
  expect(result).toMatchObject({ event: 'classification', method: 'knn', labelled: 70 });
});

test.each([
  [['embed'], 'CONFIG_NOTHING_TO_WRITE', 2],
  [['embed', '--out', 'a.xlsx'], 'USAGE_INVALID_VALUE', 2],
  [['embed', '--plot', 'a.png', '--projection', 'tsne'], 'USAGE_INVALID_VALUE', 2],
  [['classify', '--method', 'model'], 'RUN_NO_CLASSIFIER', 1],
  [['classify', '--neighbours', '3'], 'CONFIG_USELESS_FLAG', 2],
  [['classify', '--data', 'nowhere'], 'DATA_', 1],
])('%j is an error', async ([command = '', ...flags], message, code) => {
  const result = await lockstep([command, run, ...flags]);
  expect([result.code, result.stdout]).toEqual([code, '']);
  expect(result.stderr).toContain(message);
});
