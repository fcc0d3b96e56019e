import { expect, it } from 'vitest';
import { closestName } from './suggest.ts';

const known = ['batchSize', 'learningRate', 'adam', 'adamw', 'mlp', 'conv', 'eager:cpu'];

it.each([
  ['batchSzie', 'batchSize'],
  ['batch_size', 'batchSize'],
  ['BATCHSIZE', 'batchSize'],
  ['adamm', 'adam'],
  ['mpl', 'mlp'],
  ['cnn', 'conv'],
  ['eager-cpu', 'eager:cpu'],
  ['momentum', undefined],
  ['x', undefined],
  ['', undefined],
])('%j: %j', (name, closest) => {
  expect(closestName(name, known)).toBe(closest);
});
