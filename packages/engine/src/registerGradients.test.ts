import { getGradient } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { registerGradients } from './registerGradients.ts';

test('the bundle fills the registry of the tfjs-core that this process runs', () => {
  expect(getGradient('Square')).toBeUndefined();
  registerGradients();
  for (const kernel of ['Square', 'BatchMatMul', 'Conv2D', 'Conv2DBackpropInput', 'GatherV2']) {
    expect(getGradient(kernel)).toBeDefined();
  }
});

test('registering again keeps what is there', () => {
  registerGradients();
  const first = getGradient('Square');
  registerGradients();
  expect(getGradient('Square')).toBe(first);
});
