import '../testing/cpuBackend.ts';
import { grads, memory, sum, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { ModelError } from '../errors.ts';
import type { NamedTensors } from '../model.ts';
import { finiteDifferences } from '../testing/reference.ts';
import {
  columnLoss,
  tableColumns as columns,
  tableOutputCount,
  tableOutputs,
  type Density,
} from '../testing/tableCases.ts';
import { expectClose, integrate, meanAndError, normalValues } from '../testing/values.ts';
import { noiseOf } from '../testing/modelContract.ts';
import { columnLikelihood } from './columnLikelihood.ts';

const D = columns.length;
const example = { shape: [D], columns };
const floor = 0.01;
const logScales = [-0.7, 0.4];
/** Of the two numeric columns. */
const scales = logScales.map((s) => floor * (1 + Math.exp(s - Math.log(floor))));
const scaleOf = (place: number) => scales[columns[place]?.name === 'width' ? 0 : 1] ?? NaN;
const params = (): NamedTensors => ({ 'likelihood/logScale': tensor(logScales) });
const outputs = [...normalValues([tableOutputCount], 4)].map((value) => 1.5 * value);

const outputsOf = (place: number, from: readonly number[] = outputs): readonly number[] => {
  const [start, count] = tableOutputs[place] ?? [0, 0];
  return from.slice(start, start + count);
};
const loss = (place: number, x: number, density?: Density, from = outputs): number =>
  columnLoss(columns[place]!, x, outputsOf(place, from), {
    scale: scaleOf(place),
    ...(density && { density }),
  });

/** Rows of the table and their losses, all under one decoder's output. */
function lossesOf(rows: readonly (readonly number[])[], density?: Density): number[][] {
  const likelihood = columnLikelihood(example, density && { density });
  return tidy(() => {
    const x = tensor(rows.map((row) => [...row]));
    const output = tensor(rows.map(() => outputs));
    const each = likelihood.valueLosses?.(x, output, params()).arraySync() as number[][];
    const total = likelihood.negativeLogProb(x, output, params()).dataSync();
    expectClose(
      total,
      each.map((row) => row.reduce((a, b) => a + b, 0)),
      1e-6,
    );
    return each;
  });
}

const rows = [
  [0, -0.3, 0, 0, 0, 0, 2, 0, 0, 0],
  [1, 1.5, 1, 1, 1, 1, 0.1, 0, 1, 0],
  [2, 0, 2, 2, 0, 2, -7, 0, 2, 0],
  [2, 12, 3, 3, 1, 4, 0, 0, 0, 0],
];
const withGaps = [
  ...rows,
  rows[1]!.map(() => NaN),
  ...columns.map((_, gap) => rows[2]!.map((x, i) => (i === gap ? NaN : x))),
];

describe('columnLikelihood', () => {
  it.each(['gaussian', 'student-t', 'laplace'] as const)(
    'is the sum of its columns, numbers %s, and of a missing value nothing',
    (density) => {
      const found = lossesOf(withGaps, density);
      const expected = withGaps.map((row) => row.map((x, place) => loss(place, x, density)));
      expectClose(found.flat(), expected.flat(), 1e-6);
      expect(found[4]?.every((value) => value === 0)).toBe(true);
    },
  );

  it('adds up to one in every column', () => {
    const base = rows[0] ?? [];
    for (const [place, { kind, categories = 1 }] of columns.entries()) {
      const p = (xs: readonly number[]): number[] =>
        lossesOf(xs.map((x) => base.map((other, i) => (i === place ? x : other)))).map((each) =>
          Math.exp(-(each[place] ?? NaN)),
        );
      if (kind === 'numeric') {
        const at = (outputsOf(place)[0] ?? 0) - 10 * scaleOf(place);
        const step = (20 * scaleOf(place)) / 2000;
        const density = p(Array.from({ length: 2001 }, (_, i) => at + i * step));
        expect(integrate((i) => density[Math.round(i)] ?? NaN, 0, 2000) * step).toBeCloseTo(1, 5);
      } else {
        const all = p(Array.from({ length: categories }, (_, k) => k));
        expect(all.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
      }
    }
  });

  it('keeps its digits where a category is next to impossible', () => {
    const steep = outputs.map((_, i) => (i % 2 === 0 ? 40 : -40));
    const likelihood = columnLikelihood(example);
    const found = likelihood.valueLosses?.(
      tensor(rows),
      tensor(rows.map(() => steep)),
      params(),
    ) as Tensor;
    const table = found.arraySync() as number[][];
    for (const [r, row] of rows.entries()) {
      for (const [place, x] of row.entries()) {
        const expected = loss(place, x, undefined, steep);
        if (Number.isFinite(expected)) {
          expect(table[r]?.[place]).toBeCloseTo(expected, 3);
        } else expect(table[r]?.[place]).toBeGreaterThan(36);
      }
    }
  });

  it('has the gradients of its definition, none from what is missing', () => {
    const likelihood = columnLikelihood(example);
    const row = withGaps[7] ?? []; // grade is missing
    const at = Float64Array.from([...outputs, ...logScales]);
    const expected = finiteDifferences(() => {
      const values = [...at];
      return row.reduce((total, x, place) => {
        const own = columns[place]?.name === 'width' ? 0 : 1;
        const scale =
          floor * (1 + Math.exp((values[tableOutputCount + own] ?? NaN) - Math.log(floor)));
        return total + columnLoss(columns[place]!, x, outputsOf(place, values), { scale });
      }, 0);
    }, at);
    const [dOutput, dScale] = grads((output: Tensor, logScale: Tensor) =>
      sum(likelihood.negativeLogProb(tensor([row]), output, { 'likelihood/logScale': logScale })),
    )([tensor([outputs]), tensor(logScales)]);
    expectClose([...(dOutput?.dataSync() ?? []), ...(dScale?.dataSync() ?? [])], expected, 2e-5);
  });

  it('draws what it says it is', () => {
    const count = 20_000;
    const likelihood = columnLikelihood(example);
    const noise = noiseOf(likelihood.sampleNoise(example.shape), count);
    const output = tensor(Array.from({ length: count }, () => outputs));
    const drawn = likelihood.sample(output, noise, params()).arraySync() as number[][];
    for (const [place, { kind, categories = 1 }] of columns.entries()) {
      const values = drawn.map((row) => row[place] ?? NaN);
      if (kind === 'numeric') {
        const { mean, error } = meanAndError(values);
        expect(Math.abs(mean - (outputsOf(place)[0] ?? NaN))).toBeLessThan(4.5 * error);
        expect(error * Math.sqrt(count)).toBeCloseTo(scaleOf(place), 1);
        continue;
      }
      for (let k = 0; k < categories; k++) {
        const p = Math.exp(-loss(place, k));
        const share = values.filter((x) => x === k).length / count;
        expect(Math.abs(share - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / count) + 1e-9);
      }
      expect(values.every((x) => Number.isInteger(x) && x >= 0 && x < categories)).toBe(true);
    }
  });

  it('means are the mean of a number and the likeliest category', () => {
    const mean = columnLikelihood(example)
      .mean(tensor([outputs]), params())
      .dataSync();
    for (const [place, { kind, categories = 1 }] of columns.entries()) {
      const losses = Array.from({ length: categories }, (_, k) => loss(place, k));
      const expected =
        kind === 'numeric' ? outputsOf(place)[0] : losses.indexOf(Math.min(...losses));
      expect(mean[place]).toBeCloseTo(expected ?? NaN, 6);
    }
  });

  it('takes scales from the decoder where told to', () => {
    const two = { shape: [2], columns: [columns[1]!, columns[6]!] };
    const likelihood = columnLikelihood(two, { scale: 'per-output', scaleFloor: floor });
    expect([likelihood.outputShape, likelihood.parameters]).toEqual([[4], []]);
    const row = [0.2, 2];
    const found = likelihood.valueLosses?.(tensor([row]), tensor([[1, -1, ...logScales]]), {});
    const expected = row.map((x, i) =>
      columnLoss(two.columns[i]!, x, [i === 0 ? 1 : -1], { scale: scales[i] ?? NaN }),
    );
    expectClose(found?.dataSync() ?? [], expected, 1e-6);
  });

  it('does not fall without end where a column never changes', () => {
    const one = { shape: [1], columns: [columns[1]!] };
    const least = (scaleFloor: number) =>
      columnLikelihood(one, { scaleFloor })
        .negativeLogProb(tensor([[3]]), tensor([[3]]), { 'likelihood/logScale': tensor([-1e4]) })
        .dataSync()[0] ?? NaN;
    expect(least(0.01)).toBeCloseTo(0.5 * Math.log(2 * Math.PI) + Math.log(0.01), 5);
    expect(least(1)).toBeCloseTo(0.5 * Math.log(2 * Math.PI), 5);
  });

  it('takes each value of any example for a number where nobody says otherwise', () => {
    const likelihood = columnLikelihood({ shape: [2, 3] });
    expect(likelihood.outputShape).toEqual([6]);
    const given = { 'likelihood/logScale': tensor(new Float32Array(6)) };
    const x = tensor([[[1, 2, 3], [4, 5, NaN]]]); // prettier-ignore
    const output = tensor([[1, 2, 3, 4, 5, 6]]);
    expect(likelihood.mean(output, given).arraySync()).toEqual([[[1, 2, 3], [4, 5, 6]]]); // prettier-ignore
    const each = likelihood.valueLosses?.(x, output, given) as Tensor;
    expect(each.shape).toEqual([1, 2, 3]);
    expect(each.dataSync()[5]).toBe(0);
  });

  it('leaves nothing behind', () => {
    const likelihood = columnLikelihood(example);
    const [x, output, given] = [tensor(rows), tensor(rows.map(() => outputs)), params()];
    const noise = noiseOf(likelihood.sampleNoise(example.shape), rows.length);
    const before = memory().numTensors;
    likelihood.negativeLogProb(x, output, given);
    likelihood.valueLosses?.(x, output, given);
    likelihood.mean(output, given);
    likelihood.sample(output, noise, given);
    expect(memory().numTensors).toBe(before + 4);
  });

  it.each([
    ['fewer columns than values', { shape: [3], columns: columns.slice(0, 2) }],
    ['no columns at all', { shape: [0], columns: [] }],
    [
      'categories without a number',
      { shape: [1], columns: [{ name: 'a', kind: 'categorical', missing: false } as const] },
    ],
  ])('refuses %s', (_, wrong) => {
    expect(() => columnLikelihood(wrong)).toThrow(
      expect.objectContaining({ code: 'MODEL_COLUMNS' }) as ModelError,
    );
  });

  it('refuses a floor of nothing', () => {
    expect(() => columnLikelihood(example, { scaleFloor: 0 })).toThrow('scaleFloor');
  });
});
