import { describe, expect, test } from 'vitest';
import { helpOf, parse, usage } from './testing/parseCommand.ts';
import type { UsageError } from './usageError.ts';

describe('find-lr', () => {
  const defaults = { from: 1e-7, to: 10, steps: 100, out: 'learning-rates.svg' };

  test("takes train's flags but those of a run", async () => {
    expect(await parse('find-lr')).toEqual(['find-lr', undefined, defaults]);
    const args =
      'find-lr my.ts --preset conv --optimizer lion --workers 2 --from 1e-5 --to 1 --json';
    expect(await parse(...args.split(' '), '--steps', '50', '--out', 'a/b.png')).toEqual([
      'find-lr',
      'my.ts',
      {
        preset: 'conv',
        optimizer: 'lion',
        workers: 2,
        from: 1e-5,
        to: 1,
        steps: 50,
        out: 'a/b.png',
        json: true,
      },
    ]);
  });

  test.each(['--learning-rate=1', '--resume=a', '--epochs=1'])('has no %s', async (flag) => {
    expect(await usage('find-lr', flag)).toMatchObject({ code: 'USAGE_UNKNOWN_FLAG' });
  });

  test.each([
    ['--out', 'a.pdf'],
    ['--from', '0'],
    ['--steps', '0'],
  ])('refuses %s %s', async (flag, value) => {
    expect(await usage('find-lr', flag, value)).toMatchObject({ where: flag });
  });
});

describe('train', () => {
  test('without flags', async () => {
    expect(await parse('train')).toEqual(['train', undefined, {}]);
  });

  test('with every flag', async () => {
    const args =
      'train my.ts --preset conv --data ./cats --test-data ./dogs --resize 28x32 --color grey ' +
      '--binarize 0.5 --labels 100 --memory-limit 64M --read unit=byte-pair,tokens=64,keepEmpty=true,decimal=,,missing=a|b,c --engine eager:cpu --devices cpu*2,cuda:0 --xla on --workers 3 --batch-size 1e2 ' +
      '--micro-batch 25 --epochs 2 --learning-rate 1e-4 --optimizer sgd --ema 0.99 --early-stopping 3 --seed 0 ' +
      '--channel message --scale-lr --out runs/x --resume runs/y --json --quiet --profile';
    expect(await parse(...args.split(' '))).toEqual([
      'train',
      'my.ts',
      {
        preset: 'conv',
        data: './cats',
        testData: './dogs',
        resize: [28, 32],
        color: 'grey',
        binarize: 0.5,
        labels: 100,
        memoryLimit: '64M',
        read: {
          ...{ unit: 'byte-pair', tokens: 64, keepEmpty: true, decimal: ',', missing: 'a|b,c' },
        },
        engine: 'eager:cpu',
        devices: 'cpu*2,cuda:0',
        xla: true,
        workers: 3,
        batchSize: 100,
        microBatch: 25,
        epochs: 2,
        learningRate: 1e-4,
        optimizer: 'sgd',
        ema: 0.99,
        earlyStopping: 3,
        seed: 0,
        channel: 'message',
        scaleLr: true,
        out: 'runs/x',
        resume: 'runs/y',
        json: true,
        quiet: true,
        profile: true,
      },
    ]);
    expect(await parse('train', '--workers', 'auto', '--steps=7')).toEqual([
      'train',
      undefined,
      { workers: 'auto', steps: 7 },
    ]);
  });

  test.each([
    ['--batch-size', '0'],
    ['--batch-size', '-4'],
    ['--batch-size', 'many'],
    ['--batch-size', ''],
    ['--batch-size', '1.5'],
    ['--batch-size', 'NaN'],
    ['--batch-size', '0x10'],
    ['--batch-size', '99999999999999999999'],
    ['--micro-batch', '0'],
    ['--epochs', '0'],
    ['--epochs', 'Infinity'],
    ['--steps', '-1'],
    ['--learning-rate', '0'],
    ['--learning-rate', '-0.1'],
    ['--learning-rate', '1e999'],
    ['--learning-rate', 'fast'],
    ['--seed', '-1'],
    ['--seed', '9007199254740993'],
    ['--workers', '0'],
    ['--workers', 'all'],
    ['--resize', '28'],
    ['--resize', '0x28'],
    ['--resize', '28x28x3'],
    ['--resize', '2.5x3'],
    ['--color', 'gray'],
    ['--labels', '0'],
    ['--labels', 'few'],
    ['--read', 'tokens'],
    ['--binarize', 'always'],
    ['--binarize', '1'],
    ['--binarize', '-0.1'],
    ['--test-data', ''],
    ['--channel', 'pigeon'],
    ['--preset', ''],
    ['--latent-dim', '0'],
    ['--beta', '-1'],
    ['--kl-schedule', ''],
    ['--likelihood', ' '],
    ['--samples', '1.5'],
    ['--out', ' '],
  ])('%s %j is refused, and named', async (flag, value) => {
    const error = await usage('train', flag, value);
    expect(error.code).toBe('USAGE_INVALID_VALUE');
    expect(error.where).toBe(flag);
    expect(error.got).toBe(value.trim() === '' ? 'an empty text' : value);
  });

  test('--epochs with --steps', async () => {
    const error = await usage('train', '--epochs', '2', '--steps', '3');
    expect([error.code, error.got]).toEqual(['USAGE_CONFLICT', 'both']);
    expect(error.message).toContain('--epochs');
    expect(error.message).toContain('--steps');
  });
});

test('pictures', async () => {
  expect(await parse('sample', 'runs/x', '--count', '9', '--out', 'a.png', '--seed', '5')).toEqual([
    'sample',
    'runs/x',
    { count: 9, out: 'a.png', seed: 5 },
  ]);
  const [, , flags] = await parse('reconstruct', 'runs/x', '--out', 'a.PNG', '--json');
  expect(flags).toEqual({ count: 64, out: 'a.PNG', seed: 0, json: true });
});

test('paths through latent space', async () => {
  const args = ['interpolate', 'runs/x', '3', '7', '--out', 'a.png', '--paths', 'spherical'];
  expect(await parse(...args)).toEqual([
    'interpolate',
    'runs/x',
    '3',
    '7',
    { out: 'a.png', steps: 11, paths: ['spherical'] },
  ]);
  const [, , flags] = await parse('traverse', 'runs/x', '--out', 'a.png', '--dims', '4');
  expect(flags).toEqual({ out: 'a.png', dims: 4, steps: 11, range: 3 });
});

test.each([['evaluate'], ['inspect']])('%s takes a run', async (name) => {
  expect(await parse(name, 'runs/x', '--json')).toEqual([name, 'runs/x', { json: true }]);
});

test('import and export', async () => {
  const args =
    'import w.npz --map m.json --preset conv --latent-dim 8 --beta 0.5 --data ./cats --resize 28x32 ' +
    '--color rgb --engine onnx --config c.json --out runs/x --json';
  expect(await parse(...args.split(' '))).toEqual([
    'import',
    'w.npz',
    {
      map: 'm.json',
      preset: 'conv',
      latentDim: 8,
      beta: 0.5,
      data: './cats',
      resize: [28, 32],
      color: 'rgb',
      engine: 'onnx',
      config: 'c.json',
      out: 'runs/x',
      json: true,
    },
  ]);
  const exported = 'export runs/x --format onnx --out onnx --functions encode,sample --batch 4';
  expect(await parse(...exported.split(' '))).toEqual([
    'export',
    'runs/x',
    { format: 'onnx', out: 'onnx', functions: ['encode', 'sample'], batch: 4 },
  ]);
});

test('evaluate takes names of metrics', async () => {
  const flags = ['--metrics', 'mig, dci', '--samples', '64', '--workers', '2'];
  expect(await parse('evaluate', 'runs/x', ...flags)).toEqual([
    'evaluate',
    'runs/x',
    { metrics: ['mig', 'dci'], samples: 64, workers: 2 },
  ]);
  expect(await parse('evaluate', 'runs/x', '--metrics', 'all')).toEqual([
    'evaluate',
    'runs/x',
    { metrics: ['all'] },
  ]);
  expect(await usage('evaluate', 'runs/x', '--metrics', 'mig,')).toMatchObject({
    where: '--metrics',
    got: 'mig,',
  });
  expect(await usage('evaluate', 'runs/x', '--samples', '0')).toMatchObject({ where: '--samples' });
});

test.each([['presets'], ['doctor']])('%s takes no argument', async (name) => {
  expect(await parse(name)).toEqual([name, {}]);
  expect(await usage(name, 'x')).toMatchObject({ expected: 'no arguments', got: '1' });
});

test.each<[string[], Partial<UsageError>]>([
  [
    ['train', '--bach-size', '3'],
    {
      code: 'USAGE_UNKNOWN_FLAG',
      where: 'lockstep train',
      got: '--bach-size',
      fix: 'Did you mean --batch-size? `lockstep train --help` lists what it takes.',
    },
  ],
  [['trian'], { code: 'USAGE_UNKNOWN_COMMAND', where: 'lockstep', got: 'trian' }],
  [['--verbose'], { code: 'USAGE_UNKNOWN_FLAG', where: 'lockstep', got: '--verbose' }],
  [['train', 'a', 'b'], { code: 'USAGE_EXTRA_ARGUMENT', expected: 'at most 1 argument', got: '2' }],
  [['evaluate'], { code: 'USAGE_MISSING_ARGUMENT', expected: 'RUN', got: 'nothing' }],
  [['train', '--seed'], { code: 'USAGE_MISSING_VALUE', where: 'lockstep train --seed' }],
  [['sample', 'runs/x'], { code: 'USAGE_MISSING_FLAG', expected: '--out <file>' }],
  [['sample', 'runs/x', '--out', 'a.jpg'], { where: '--out', got: 'a.jpg' }],
  [['recommend', 'r', '--out', 'a.npy'], { where: '--out', got: 'a.npy' }],
  [['sample', 'r', '--out', '.png'], { where: '--out' }],
  [
    ['inpaint', 'r', '--out', 'a.npy'],
    { where: '--out', expected: 'a file name that ends in .png, .csv or .parquet' },
  ],
  [
    ['generate', 'r', '--out', 'a.csv'],
    { where: '--out', expected: 'a file name that ends in .txt, .wav or .png' },
  ],
  [['import', 'w.npz'], { code: 'USAGE_MISSING_FLAG', expected: '--out <dir>' }],
  [['export', 'r', '--out', 'x'], { code: 'USAGE_MISSING_FLAG', expected: '--format <format>' }],
  [['export', 'r', '--out', 'x', '--format', 'pickle'], { where: '--format', got: 'pickle' }],
  [
    ['export', 'r', '--out', 'x', '--format', 'onnx', '--functions', 'a,'],
    { where: '--functions' },
  ],
  [['sample', 'r', '--out', 'a.png', '--count', '0'], { where: '--count' }],
  [
    ['interpolate', 'r', '0', '1', '--out', 'a.png', '--paths', 'linear,curved'],
    { where: '--paths', expected: 'linear or spherical', got: 'curved' },
  ],
])('%j', async (args, expected) => {
  expect(await usage(...args)).toMatchObject(expected);
});

test('help says which options a command cannot do without', async () => {
  const help = (await helpOf('export')).replaceAll(/\s+/g, ' ');
  expect(help).toContain('Usage: lockstep export --format <format> --out <dir> [options] <run>');
  expect(help).toContain('folder to make (required)');
  expect(await helpOf('embed')).toContain('Usage: lockstep embed [options] <run>');
  expect(await helpOf('data', 'split')).toContain(
    'lockstep data split --out <dir> [options] <data>',
  );
});
