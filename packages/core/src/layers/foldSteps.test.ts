import '../testing/cpuBackend.ts';
import { tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { initializeParameters } from '../initialize.ts';
import { parameterTensors } from '../namedTensors.ts';
import { expectClose, normalValues } from '../testing/values.ts';
import { causalConv1d, causalConvStep } from './causalConv1d.ts';
import { foldSteps, unfoldSteps } from './foldSteps.ts';

it('folding lays neighbours side by side, and unfolding takes them apart', () => {
  const x = tensor([1, 2, 3, 4, 5, 6], [1, 3, 2]);
  const folded = foldSteps([3, 2], 2).apply({}, x);
  expect(folded.arraySync()).toEqual([
    [
      [1, 2, 3, 4],
      [5, 6, 0, 0],
    ],
  ]);
  expect(unfoldSteps([2, 4], 2, 3).apply({}, folded).arraySync()).toEqual(x.arraySync());
});

it('refuses what does not fit', () => {
  expect(() => foldSteps([3], 2)).toThrow('sequences');
  expect(() => unfoldSteps([2, 5], 2, 3)).toThrow('channels');
  expect(() => unfoldSteps([2, 4], 2, 5)).toThrow('surplus');
});

it.each([1, 2, 4])('a causal convolution of dilation %d is the same step by step', (dilation) => {
  const [steps, channels] = [6, 3];
  const options = {
    inputShape: [steps, channels],
    filters: 4,
    kernelSize: 3,
    dilation,
    activation: 'tanh',
  } as const;
  const layer = causalConv1d('conv', options);
  const params = parameterTensors(layer.parameters, initializeParameters(layer.parameters, 1));
  const values = normalValues([steps, channels]);
  const whole = layer.apply(params, tensor(values, [1, steps, channels])).dataSync();
  const past: Tensor2D[] = [];
  for (let t = 0; t < steps; t++) {
    past.push(tensor(values.subarray(t * channels, (t + 1) * channels), [1, channels]));
    const y = causalConvStep('conv', options, params, past).dataSync();
    expectClose(y, whole.subarray(t * 4, (t + 1) * 4), 1e-5);
  }
});
