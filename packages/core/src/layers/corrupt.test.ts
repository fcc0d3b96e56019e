import '../testing/cpuBackend.ts';
import { memory, ones, tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { ModelError } from '../errors.ts';
import { normalValues, uniformValues } from '../testing/values.ts';
import { corrupt, type Corruption } from './corrupt.ts';

const shape = [100, 100];
const size = 10_000;
const x = Float32Array.from({ length: size }, (_, i) => 0.25 + (i % 3) / 4);
const level = 0.3;

function damaged(kind: Corruption): Float32Array {
  const layer = corrupt('c', { inputShape: shape, kind, level });
  const [[name, { distribution }] = ['', { distribution: 'none' }]] = Object.entries(layer.noise);
  const values = distribution === 'normal' ? normalValues(shape) : uniformValues(shape);
  const noise = { [name]: tensor(values, [1, ...shape]) };
  const given = tensor(x, [1, ...shape]);
  const before = memory().numTensors;
  const trained = layer.train?.({}, given, { weight: ones([1]), noise });
  expect(memory().numTensors).toBe(before + 2);
  const made = trained?.y.dataSync() as Float32Array;
  expect(layer.corrupt(given, noise).dataSync()).toEqual(made);
  expect(layer.apply({}, given).dataSync()).toEqual(x);
  return made;
}

const share = (of: Float32Array, holds: (value: number, i: number) => boolean): number =>
  of.filter(holds).length / size;

describe('corrupt', () => {
  it('adds noise of the level', () => {
    const added = damaged('gaussian').map((value, i) => value - (x[i] ?? NaN));
    const variance = added.reduce((sum, a) => sum + a * a, 0) / size;
    expect(Math.sqrt(variance)).toBeCloseTo(level, 2);
  });

  it('masks its share', () => {
    const made = damaged('masking');
    expect(share(made, (value) => value === 0)).toBeCloseTo(level, 1);
    expect(share(made, (value, i) => value === 0 || value === x[i])).toBe(1);
  });

  it('strews as much salt as pepper', () => {
    const made = damaged('salt-and-pepper');
    expect(share(made, (value) => value === 0)).toBeCloseTo(level / 2, 1);
    expect(share(made, (value) => value === 1)).toBeCloseTo(level / 2, 1);
    expect(share(made, (value, i) => value === 0 || value === 1 || value === x[i])).toBe(1);
  });

  it.each([
    ['masking', 1.5],
    ['salt-and-pepper', -0.1],
    ['gaussian', NaN],
    ['gaussian', Infinity],
  ] as const)('refuses %s of %d', (kind, wrong) => {
    expect(() => corrupt('c', { inputShape: [2], kind, level: wrong })).toThrow(
      expect.objectContaining({ code: 'MODEL_LAYER_OPTION' }) as ModelError,
    );
  });
});
