import type { ExampleInfo, Model, ModelFunction } from '@lockstep/core';
import type { DataFormat, DataSource, FactorTable } from '@lockstep/data';
import { describe, expect, it } from 'vitest';
import { possibleMetrics, requestedMetrics, type MetricRequest } from './chooseMetrics.ts';
import type { MetricInputs } from './metric.ts';

const factors: FactorTable = { specs: [], values: new Uint8Array() };

interface Setup {
  readonly functions?: Readonly<Record<string, Partial<ModelFunction>>>;
  readonly example?: ExampleInfo;
  readonly count?: number;
  readonly hasFactors?: boolean;
  readonly format?: DataFormat;
  /** Whether the test part has a label. */
  readonly known?: boolean;
}

function inputs({
  functions = {},
  example,
  count = 100,
  hasFactors = false,
  format = { kind: 'image' },
  known = true,
}: Setup): MetricInputs {
  const shape = example?.shape ?? [28, 28, 1];
  const info = { shape, count, source: 'things', valueType: 'uint8', format } as const;
  const data: DataSource = {
    train: info,
    test: info,
    notes: [],
    splitNotes: [],
    positions: { train: undefined, validation: undefined, test: undefined },
    labels: {
      train: Int32Array.of(0, 1),
      validation: undefined,
      test: Int32Array.of(known ? 0 : -1, -1),
    },
    unseenLabels: { train: undefined, validation: undefined, test: undefined },
    users: { train: undefined, validation: undefined, test: undefined },
    ratings: { train: undefined, validation: undefined, test: undefined },
    lines: { train: undefined, validation: undefined, test: undefined },
    files: { train: undefined, validation: undefined, test: undefined },
    tableRows: { train: undefined, validation: undefined, test: undefined },
    factors: { train: undefined, validation: undefined, test: hasFactors ? factors : undefined },
    cells: () => [],
    close: () => Promise.resolve(),
    load: () => Promise.reject(new Error('nothing is loaded to choose')),
  };
  const complete = Object.fromEntries(
    Object.entries(functions).map(([name, fn]) => [
      name,
      { inputs: {}, noise: {}, outputs: {}, apply: () => ({}), ...fn },
    ]),
  );
  const model: Model = {
    name: 'm',
    parameters: [],
    inputs: {},
    noise: {},
    metrics: [],
    loss: () => {
      throw new Error('nothing is computed to choose');
    },
    functions: complete,
  };
  return { model, data, example: example ?? { shape } };
}

const encode = (dim: number) => ({ encode: { outputs: { mu: [dim] } } });

/** What likelihoods and reconstructions are computed by. */
const everything: Setup = {
  functions: { logWeight: { outputs: { logWeight: [] } }, reconstruct: { outputs: { x: [4] } } },
  example: { shape: [4] },
};
const table: DataFormat = { kind: 'table', columns: [], header: true, decimal: '.', missing: [] };
const ratings: DataFormat = { kind: 'ratings', items: [], weights: 'one' };
const text: DataFormat = {
  ...{ kind: 'text', unit: 'character', vocabulary: ['', '\ufffd', 'a'], length: 4 },
  ...{ by: 'line', keepEmpty: false, unknown: 'replace' },
};

function choose(request: MetricRequest, setup: Setup) {
  return possibleMetrics(requestedMetrics(request), request, inputs(setup));
}

describe('bad requests', () => {
  it.each<[MetricRequest, Record<string, unknown>]>([
    [
      { metrics: ['elbo', 'migg'] },
      { code: 'CONFIG_UNKNOWN_METRIC', got: '"migg"', fix: 'Did you mean "mig"?' },
    ],
    [{ metrics: [] }, { code: 'CONFIG_UNKNOWN_METRIC', got: 'none' }],
    [
      { metrics: 'all', samples: 0 },
      { code: 'CONFIG_SAMPLES', got: '0' },
    ],
    [
      { metrics: 'all', samples: 1.5 },
      { code: 'CONFIG_SAMPLES', got: '1.5' },
    ],
    [
      { metrics: ['mse', 'mig'], samples: 5 },
      { code: 'CONFIG_SAMPLES', got: 'mse, mig' },
    ],
  ])('%j', (request, expected) => {
    expect(() => requestedMetrics(request)).toThrow(expect.objectContaining(expected));
  });
});

describe('what a metric lacks', () => {
  it.each<[string, Setup, { expected: RegExp; got: RegExp }]>([
    ['iw-nll', { functions: encode(2) }, { expected: /`logWeight`/, got: /encode/ }],
    ['active-units', { functions: { encode: {} } }, { expected: /returns mu/, got: /in model m/ }],
    ['mutual-information', { functions: encode(2) }, { expected: /`drawLatent`/, got: /encode/ }],
    [
      'active-units',
      { functions: encode(100) },
      { expected: /latent dimensions \(100\)/, got: /100/ },
    ],
    ['probe', { functions: encode(2) }, { expected: /labels/, got: /none/ }],
    [
      'knn',
      { functions: encode(2), example: { shape: [4], classes: 1 } },
      { expected: /two or more classes/, got: /one class/ },
    ],
    [
      'knn',
      { functions: encode(2), example: { shape: [4], classes: 3 }, known: false },
      { expected: /labels to learn from/, got: /things, none/ },
    ],
    ['mig', { functions: encode(2) }, { expected: /factors/, got: /things/ }],
    [
      'ssim',
      { functions: { reconstruct: { outputs: { x: [8, 8, 1] } } }, example: { shape: [8, 8, 1] } },
      { expected: /11x11/, got: /8, 8, 1/ },
    ],
    [
      'frechet',
      {
        functions: { sample: { outputs: { x: [4] } } },
        example: { shape: [4], classes: 3 },
        count: 64,
      },
      { expected: /features \(64\)/, got: /64/ },
    ],
    [
      'mse',
      { functions: { reconstruct: { inputs: { z: [2] }, outputs: { x: [4] } } } },
      { expected: /`reconstruct`/, got: /one of z/ },
    ],
    ['mse', { ...everything, format: table }, { expected: /images, arrays/, got: /kind table/ }],
    ['mse', { ...everything, format: text }, { expected: /images, arrays/, got: /kind text/ }],
    ['mse', { ...everything, format: ratings }, { expected: /images, arrays/, got: /ratings/ }],
    ['bpd', { ...everything, format: table }, { expected: /images, arrays/, got: /kind table/ }],
    ['bpd', { ...everything, format: text }, { expected: /images, arrays/, got: /kind text/ }],
    ['bpc', everything, { expected: /^text$/, got: /kind image/ }],
    ['bpc', { format: text }, { expected: /`logWeight`/, got: /without functions/ }],
  ])('%s', (metric, setup, { expected, got }) => {
    expect(() => choose({ metrics: [metric] }, setup)).toThrow(
      expect.objectContaining({
        code: 'RUN_METRIC',
        where: `metric ${metric}`,
        expected: expect.stringMatching(expected) as string,
        got: expect.stringMatching(got) as string,
      }),
    );
    const { chosen, skipped } = choose({ metrics: 'all' }, setup);
    expect(skipped.map((each) => each.metric)).toContain(metric);
    expect(chosen.map(({ name }) => name)).not.toContain(metric);
  });

  it('of text, bits per character are there', () => {
    const { chosen } = choose({ metrics: 'all' }, { ...everything, format: text });
    expect(chosen.map(({ name }) => name)).toEqual(['elbo', 'iw-nll', 'bpc']);
  });

  it('is nothing where all is there', () => {
    const { chosen, skipped } = choose(
      { metrics: ['mig', 'elbo', 'dci'] },
      { functions: encode(2), hasFactors: true },
    );
    expect(chosen.map(({ name }) => name)).toEqual(['elbo', 'mig', 'dci']);
    expect(skipped).toEqual([]);
  });
});
