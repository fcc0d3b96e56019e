import './testing/cpuBackend.ts';
import { memory, ones, scalar, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { checkLossResult } from './checkLossResult.ts';
import { ModelError } from './errors.ts';

const model = { name: 'm', metrics: ['kl', 'accuracy'] };
const B = 4;
const perExample = ones([B]);
const metrics = { accuracy: perExample, kl: perExample };

function errorOf(result: unknown): ModelError {
  try {
    checkLossResult(model, B, result);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('checkLossResult', () => {
  it('returns the metrics in declared order, without new tensors', () => {
    const before = memory().numTensors;
    const result = checkLossResult(model, B, { loss: perExample, metrics });
    expect(result.loss).toBe(perExample);
    expect(Object.keys(result.metrics)).toEqual(['kl', 'accuracy']);
    expect(memory().numTensors).toBe(before);
  });

  it.each([
    ['nothing', undefined, 'MODEL_LOSS_RESULT', 'undefined'],
    ['a tensor', perExample, 'MODEL_LOSS_RESULT', 'a tensor'],
    ['no loss', { metrics }, 'MODEL_LOSS_RESULT', 'an object with metrics'],
    ['no metrics', { loss: perExample }, 'MODEL_LOSS_RESULT', 'an object with loss'],
    [
      'a mean over the batch',
      { loss: scalar(1), metrics },
      'MODEL_LOSS_SHAPE',
      'float32 tensor of shape []',
    ],
    [
      'another batch',
      { loss: ones([B + 1]), metrics },
      'MODEL_LOSS_SHAPE',
      'float32 tensor of shape [5]',
    ],
    [
      'a loss per pixel',
      { loss: ones([B, 2]), metrics },
      'MODEL_LOSS_SHAPE',
      'float32 tensor of shape [4, 2]',
    ],
    ['a number', { loss: 3, metrics }, 'MODEL_LOSS_SHAPE', '3'],
    [
      'an integer metric',
      { loss: perExample, metrics: { ...metrics, kl: zeros([B], 'int32') } },
      'MODEL_LOSS_SHAPE',
      'int32 tensor of shape [4]',
    ],
    [
      'a missing metric',
      { loss: perExample, metrics: { kl: perExample } },
      'MODEL_METRIC_MISSING',
      'no "accuracy"',
    ],
    [
      'an undeclared metric',
      { loss: perExample, metrics: { ...metrics, extra: perExample } },
      'MODEL_METRIC_UNDECLARED',
      '"extra"',
    ],
  ])('refuses %s', (_, result, code, got) => {
    const error = errorOf(result);
    expect([error.code, error.got]).toEqual([code, got]);
    expect(error.where).toContain('model "m", result of loss');
  });
});
