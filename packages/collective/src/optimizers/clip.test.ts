import { describe, expect, it } from 'vitest';
import { CollectiveError } from '../errors.ts';
import { createBlocks } from '../testing/blocks.ts';
import { vectors } from '../testing/vectors.ts';
import { checkClipNorm, clipCoefficient } from './clip.ts';
import { createUpdate } from './createUpdate.ts';

describe('clipping by global norm', () => {
  it.each(vectors.clipping)('to $maxNorm agrees with PyTorch', (vector) => {
    const { maxNorm, gradients, norm, clipped } = vector;
    const length = 32;
    const { kernels, at, view } = createBlocks(length, 4);
    const sums = gradients.map((values, tensor) => {
      view(tensor).set(values);
      const range = { slots: at(tensor), slotStride: 0, slotCount: 1, length };
      return kernels.reduce({ ...range, out: at(tensor) });
    });
    const ours = Math.sqrt(sums.reduce((total, sum) => total + sum, 0));
    expect(Math.abs(ours / norm - 1)).toBeLessThan(1e-6);

    // SGD from zero at rate 1 turns the clipped gradient into parameters: -gradient.
    const update = createUpdate(kernels, { name: 'sgd', weightDecay: 0 });
    for (const [tensor, expected] of clipped.entries()) {
      const range = { slots: at(tensor), slotStride: 0, slotCount: 1, length };
      const parameters = {
        parametersIn: at(2),
        parametersOut: at(3),
        momentsIn: [],
        momentsOut: [],
      };
      const scale = clipCoefficient(ours, maxNorm);
      update({ ...range, ...parameters }, { step: 0, learningRate: 1, scale });
      for (const [i, value] of expected.entries()) {
        expect(Math.abs(-(view(3)[i] ?? NaN) - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value));
      }
    }
  });

  it('leaves a short gradient as it is, a zero one too, and keeps NaN', () => {
    expect(clipCoefficient(0.5, 1)).toBe(1);
    expect(clipCoefficient(0, 1e-9)).toBe(1e-9 / 1e-6);
    expect(clipCoefficient(4, 1)).toBe(1 / 4.000001);
    expect(clipCoefficient(NaN, 1)).toBeNaN();
  });

  it.each([0, -1, NaN, Infinity])('refuses a norm of %d', (norm) => {
    expect(() => checkClipNorm(norm)).toThrow(CollectiveError);
  });
});
