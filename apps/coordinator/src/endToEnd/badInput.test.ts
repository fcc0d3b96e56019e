/** Bad input: a typed error, exit code 1 (2 for usage), and nothing half-written. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idxBytes, writeMnistLike } from '../testing/idx.ts';
import { jsonLines, lockstep } from '../testing/lockstep.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-bad-input-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Expects a typed error, the same as text and as JSON. */
async function expectError(args: readonly string[], exitCode: number, pattern: RegExp) {
  const [text, json] = await Promise.all([
    lockstep(args, { cwd: folder }),
    lockstep([...args.slice(0, 1), '--json', ...args.slice(1)], { cwd: folder }),
  ]);
  expect(`${text.code} ${text.stderr}`).toMatch(pattern);
  expect([text.code, text.stdout]).toEqual([exitCode, '']);
  for (const field of ['where', 'expected', 'got', 'fix']) {
    expect(text.stderr).toMatch(new RegExp(`^ {2}${field} +\\S`, 'm'));
  }
  expect([json.code, json.stderr]).toEqual([exitCode, '']);
  const last = jsonLines(json).at(-1);
  expect(last?.['event']).toBe('error');
  expect(text.stderr).toContain(`error: ${String(last?.['code'])}\n`);
}

describe('usage: exit code 2', () => {
  const cases: readonly [string, RegExp][] = [
    ['train --bach-size 3', /Did you mean --batch-size\?/],
    ['tarin', /Did you mean train\?/],
    ['train --preset mpl', /--preset\n.*mlp.*\n.*mpl/],
    ['train --engine onxx', /--engine\n.*onnx.*\n.*onxx/],
    ['train --engine eager:gpu', /ENGINE_UNKNOWN[^]*gpu/],
    ['train --devices cpu*2,gpu:0', /--devices\n.*cuda:0.*\n.*gpu:0/],
    ['train --devices cpu --workers 2', /--devices\n.*no --workers/],
    ['train --engine onnx --xla on', /--xla\n.*tensorflow.*\n.*onnx/],
    ['train --engine onnx --xla maybe', /--xla\n.*on or off or auto/],
    ['train --optimizer adma', /--optimizer\n.*adam.*\n.*adma/],
    ['train --channel pigeon', /--channel\n.*shared or message\n.*pigeon/],
    ['train --batch-size 0', /--batch-size/],
    ['train --batch-size -1', /--batch-size/],
    ['train --batch-size many', /--batch-size/],
    ['train --batch-size 10 --micro-batch 11', /--micro-batch\n.*at most the batch size/],
    ['train --epochs 1 --steps 1', /--epochs/],
    ['train --steps', /lockstep train --steps/],
    ['train --workers 0', /--workers/],
    ['train --workers 255', /--workers\n.*from 1 to 254\n.*255/],
    ['train --likelihood gaussian:-1', /--likelihood\n.*above 0.*\n.*-1/],
    ['train --kl-schedule linear:share=2', /--kl-schedule\n.*from 0 to 1.*\n.*2/],
    ['train --resize 28', /--resize\n.*28x28/],
    ['train --color gray', /--color\n.*grey or rgb\n.*gray/],
    ['sample runs/x', /--out/],
    ['evaluate', /RUN/],
    ['train a b', /at most 1 argument/],
  ];

  test.each(cases)('lockstep %s', async (line, pattern) => {
    await expectError(line.split(' '), 2, pattern);
  });
});

describe('data: exit code 1, no run folder', () => {
  const write = (name: string, bytes: Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
    'base64',
  );
  const images = idxBytes(50, 28, 28);

  const cases: readonly [string, () => string, RegExp][] = [
    ['missing', () => join(folder, 'nothing-here'), /DATA_NOT_FOUND[^]*nothing-here/],
    ['empty', () => write('empty', new Uint8Array()), /DATA_EMPTY/],
    ['an empty folder', () => mkdtempSync(join(folder, 'empty-')), /DATA_EMPTY/],
    ['truncated', () => write('cut-idx3', images.subarray(0, 9_000)), /DATA_TRUNCATED|DATA_SIZE/],
    [
      'mislabelled as gzip',
      () => write('plain-idx3-ubyte.gz', images),
      /DATA_BAD_GZIP|DATA_BAD_MAGIC/,
    ],
    [
      'corrupt gzip',
      () => {
        const bytes = gzipSync(images);
        return write('corrupt-idx3-ubyte.gz', bytes.fill(0xaa, bytes.length >> 1));
      },
      /DATA_BAD_GZIP|DATA_TRUNCATED/,
    ],
    ['bad magic', () => write('magic', Buffer.alloc(5_000, 0x41)), /DATA_BAD_MAGIC/],
    [
      'more images than labels',
      () => {
        const path = writeMnistLike(join(folder, 'disagree'));
        writeFileSync(join(path, 'train-labels-idx1-ubyte'), idxBytes(49));
        return path;
      },
      /DATA_COUNT_MISMATCH[^]*train-labels-idx1-ubyte/,
    ],
    [
      'labels for images',
      () => {
        const path = writeMnistLike(join(folder, 'swapped'));
        writeFileSync(join(path, 'train-images-idx3-ubyte'), idxBytes(50));
        return path;
      },
      /DATA_/,
    ],
    [
      'one broken image among others',
      () => {
        const path = join(folder, 'images');
        mkdirSync(path, { recursive: true });
        for (let i = 0; i < 20; i++) writeFileSync(join(path, `${i}.png`), png);
        writeFileSync(join(path, 'bad-one.png'), png.subarray(0, 40));
        return path;
      },
      /DATA_BROKEN_IMAGE[^]*bad-one\.png/,
    ],
  ];

  test.each(cases)('%s', async (name, data, pattern) => {
    const out = join(folder, `run-${name.replaceAll(' ', '-')}`);
    await expectError(['train', '--steps', '2', '--data', data(), '--out', out], 1, pattern);
    expect(existsSync(out)).toBe(false);
  });

  test('a shape that the model cannot take', async () => {
    const data = writeMnistLike(join(folder, 'odd'), { side: 10 });
    const args = ['train', '--preset', 'conv', '--steps', '2', '--data', data];
    await expectError([...args, '--out', join(folder, 'run-odd')], 1, /MODEL_[^]*divisible by 4/);
    expect(existsSync(join(folder, 'run-odd'))).toBe(false);
    // It can once the images are resized.
    const resized = [...args, '--resize', '8x12', '--color', 'rgb', '--test-data', data];
    expect(await lockstep([...resized, '--out', join(folder, 'run-even')])).toMatchObject({
      code: 0,
      stderr: '',
    });
  });
});

describe('configuration and model: exit code 1, no run folder', () => {
  const MEAN = 'const mean = tf.mul(tf.mean(x, [1, 2, 3]), w);';
  const model = (loss: string): string => `
    import { defineModel } from '@lockstep/core';
    import * as tf from '@tensorflow/tfjs-core';
    export default (example) => defineModel({
      name: 'own',
      parameters: [{ name: 'w', shape: [1], init: { kind: 'constant', value: 1 } }],
      inputs: { x: example.shape },
      noise: {},
      metrics: [],
      loss({ w }, { x }) {
        ${loss}
      },
    });`;

  const cases: readonly [string, Record<string, string>, RegExp][] = [
    ['no such file', {}, /CONFIG_FILE_MISSING/],
    ['a misspelt key', { 'config.json': '{"bachSize": 3}' }, /config\.json[^]*batchSize/],
    ['not JSON', { 'config.json': '{' }, /CONFIG_FILE_FAILED[^]*config\.json/],
    ['a preset that is none', { 'config.json': '{"preset": "mpl"}' }, /config\.json[^]*mlp/],
    ['no such model file', { 'config.json': '{"model": "./none.ts"}' }, /MODEL_FILE_MISSING/],
    [
      'a loss of the wrong shape',
      { 'model.ts': model(`${MEAN} return { loss: tf.mean(mean), metrics: {} };`) },
      /MODEL_LOSS_SHAPE/,
    ],
    [
      'an unsupported kernel',
      {
        'model.ts': model(
          `${MEAN} return { loss: tf.reshape(tf.topk(tf.reshape(mean, [-1, 1]), 1).values, [-1]), metrics: {} };`,
        ),
      },
      /ENGINE_[^]*TopK/,
    ],
    [
      'a metric that was not declared',
      { 'model.ts': model(`${MEAN} return { loss: mean, metrics: { extra: mean } };`) },
      /MODEL_[^]*extra/,
    ],
    [
      'a model that throws',
      { 'model.ts': 'export default () => { throw new TypeError("my mistake"); };' },
      /MODEL_FACTORY_FAILED[^]*my mistake[^]*model\.ts/,
    ],
  ];

  test.each(cases)('%s', async (_, files, pattern) => {
    const own = mkdtempSync(join(folder, 'config-'));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(own, file), text);
    if ('model.ts' in files) writeFileSync(join(own, 'config.json'), '{"model": "./model.ts"}');
    const out = join(own, 'run');
    // Which kernels are unsupported is a matter of the engine.
    const args = ['train', join(own, 'config.json'), '--engine', 'onnx', '--steps', '2'];
    await expectError([...args, '--out', out, '--data', smallData()], 1, pattern);
    expect(existsSync(out)).toBe(false);
  });

  test('a loss that is NaN at step 0 says so, and in which metric', async () => {
    const own = mkdtempSync(join(folder, 'nan-'));
    const nan = `${MEAN} return { loss: tf.log(tf.sub(mean, 9)), metrics: {} };`;
    writeFileSync(join(own, 'model.ts'), model(nan));
    writeFileSync(join(own, 'config.json'), '{"model": "./model.ts"}');
    const result = await lockstep(
      ['train', join(own, 'config.json'), '--steps', '2', '--out', join(own, 'run')].concat(
        '--data',
        smallData(),
      ),
    );
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/RUN_NOT_FINITE[^]*loss/);
    expect(result.stderr).toMatch(/step 0/);
  });

  test('an arena larger than memory allows says how much was asked for', async () => {
    const own = mkdtempSync(join(folder, 'large-'));
    const large = model(
      'return { loss: tf.mean(tf.matMul(tf.reshape(x, [-1, 784]), w), 1), metrics: {} };',
    );
    writeFileSync(join(own, 'model.ts'), large.replace('shape: [1]', 'shape: [784, 1_000_000]'));
    writeFileSync(join(own, 'config.json'), '{"model": "./model.ts"}');
    const out = join(own, 'run');
    const args = ['train', join(own, 'config.json'), '--steps', '2', '--out', out];
    await expectError([...args, '--data', smallData()], 1, /RUN_ARENA_TOO_LARGE[^]*\d GiB/);
    expect(existsSync(out)).toBe(false);
  });
});

describe('run folders: exit code 1', () => {
  test('an output folder that cannot be made', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const args = ['train', '--steps', '2', '--data', smallData()];
    await expectError([...args, '--out', join(file, 'run')], 1, /RUN_FOLDER_NOT_WRITABLE/);
  });

  test('resume from an empty folder', async () => {
    const empty = mkdtempSync(join(folder, 'empty-run-'));
    await expectError(['train', '--resume', empty], 1, /CHECKPOINT_|RUN_/);
    await expectError(['evaluate', empty], 1, /CHECKPOINT_|RUN_/);
    await expectError(['inspect', join(folder, 'no-run')], 1, /CHECKPOINT_|RUN_/);
  });

  test('a checkpoint truncated, or flipped by a byte', async () => {
    const out = join(folder, 'run-to-break');
    const args = ['train', '--steps', '2', '--workers', '1', '--out', out, '--data', smallData()];
    expect((await lockstep(args)).code).toBe(0);
    const inspected = await lockstep(['inspect', out, '--json']);
    const checkpoint = String(jsonLines(inspected)[0]?.['checkpoint']);
    const bytes = readFileSync(checkpoint);

    writeFileSync(checkpoint, bytes.subarray(0, bytes.length - 100));
    await expectError(['evaluate', checkpoint], 1, /CHECKPOINT_TRUNCATED/);
    writeFileSync(checkpoint, bytes.subarray(0, 100));
    await expectError(['inspect', checkpoint], 1, /CHECKPOINT_/);
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 5_000] = (flipped[bytes.length - 5_000] ?? 0) ^ 1;
    writeFileSync(checkpoint, flipped);
    await expectError(['evaluate', checkpoint], 1, /CHECKPOINT_/);
    const png = join(folder, 'none.png');
    await expectError(['sample', checkpoint, '--out', png], 1, /CHECKPOINT_/);
    expect(existsSync(png)).toBe(false);
  });
});

function smallData(): string {
  const path = join(folder, 'small');
  return existsSync(path) ? path : writeMnistLike(path);
}
