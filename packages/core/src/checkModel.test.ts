import { describe, expect, it } from 'vitest';
import { checkModel } from './checkModel.ts';
import { defineModel } from './defineModel.ts';
import { ModelError } from './errors.ts';
import { zeros } from './initializers.ts';
import type { ExampleInfo, Model } from './model.ts';
import { presets } from './presets/presets.ts';

const loss: Model['loss'] = () => {
  throw new Error('not run');
};

const good: Model = {
  name: 'good',
  parameters: [{ name: 'w', shape: [2, 3], init: zeros() }],
  inputs: { x: [2], label: [] },
  noise: { eps: { shape: [4], distribution: 'normal' } },
  metrics: ['accuracy'],
  loss,
};
const w = good.parameters[0];
const phase = { name: 'second', parameters: ['w'], metrics: [], loss };
const mean = { name: 'mean', shape: [2], init: zeros(), decay: 0.9 };
const apply = () => ({});

function errorOf(f: () => unknown): ModelError {
  try {
    f();
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('checkModel', () => {
  it('returns a good model as it is', () => {
    expect(checkModel(good)).toBe(good);
    expect(defineModel(good)).toBe(good);
  });

  it('accepts the presets', () => {
    const image = { shape: [32, 32, 1], classes: 10 };
    const others: Readonly<Record<string, ExampleInfo>> = {
      tabular: { shape: [12] },
      text: { shape: [12], tokens: 9 },
    };
    for (const preset of Object.values(presets)) {
      const model = preset.create()(others[preset.name] ?? image);
      expect(checkModel(model)).toBe(model);
    }
  });

  it('accepts what only training has', () => {
    const staged: Model = {
      ...good,
      parameters: [...good.parameters, { name: 'v', shape: [], init: zeros() }],
      state: [mean],
      scalars: { warmUp: { at: (step, total) => step / total, evaluation: 1 } },
      phases: [phase],
    };
    expect(checkModel(staged)).toBe(staged);
  });

  it.each([
    [
      'state without decay',
      { ...good, state: [{ ...mean, decay: 1 }] },
      'MODEL_STATE',
      'an object with name, shape, init, decay',
    ],
    [
      'state of the name of a parameter',
      { ...good, state: [{ ...mean, name: 'w' }] },
      'MODEL_DUPLICATE_NAME',
      '"w"',
    ],
    ['a scalar that is a number', { ...good, scalars: { s: 1 } }, 'MODEL_SCALAR', '1'],
    [
      'a phase of no parameter',
      { ...good, phases: [{ ...phase, parameters: [] }] },
      'MODEL_PHASE',
      '[]',
    ],
    [
      'a phase of an unknown parameter',
      { ...good, phases: [{ ...phase, parameters: ['v'] }] },
      'MODEL_PHASE',
      '"v"',
    ],
    ['phases that leave nothing to the loss', { ...good, phases: [phase] }, 'MODEL_PHASE', '["w"]'],
    [
      'a phase of the name of a metric',
      { ...good, phases: [{ ...phase, name: 'accuracy' }] },
      'MODEL_DUPLICATE_NAME',
      '"accuracy"',
    ],
    ['no object', undefined, 'MODEL_FIELD', 'undefined'],
    ['a function', () => good, 'MODEL_FIELD', 'a function'],
    ['no name', { ...good, name: undefined }, 'MODEL_NAME', 'undefined'],
    ['a blank in a name', { ...good, name: 'a b' }, 'MODEL_NAME', '"a b"'],
    ['no parameters', { ...good, parameters: [] }, 'MODEL_PARAMETERS', '[]'],
    ['a parameter that is none', { ...good, parameters: [3] }, 'MODEL_PARAMETERS', '3'],
    ['one name twice', { ...good, parameters: [w, w] }, 'MODEL_DUPLICATE_NAME', '"w"'],
    [
      'a negative dimension',
      { ...good, parameters: [{ ...w, shape: [2, -1] }] },
      'MODEL_SHAPE',
      '[2, -1]',
    ],
    ['half a dimension', { ...good, inputs: { x: [2.5] } }, 'MODEL_SHAPE', '[2.5]'],
    ['no shape', { ...good, inputs: { x: 784 } }, 'MODEL_SHAPE', '784'],
    [
      'an unknown initialiser',
      { ...good, parameters: [{ ...w, init: { kind: 'orthogonal' } }] },
      'MODEL_INITIALIZER',
      'an object with kind',
    ],
    [
      'an infinite initial value',
      { ...good, parameters: [{ ...w, init: { kind: 'constant', value: Infinity } }] },
      'MODEL_INITIALIZER',
      'an object with kind, value',
    ],
    [
      'an initialiser named like something of Object',
      { ...good, parameters: [{ ...w, init: { kind: 'constructor' } }] },
      'MODEL_INITIALIZER',
      'an object with kind',
    ],
    ['no inputs', { ...good, inputs: undefined }, 'MODEL_FIELD', 'undefined'],
    [
      'an unknown distribution',
      { ...good, noise: { eps: { shape: [], distribution: 'cauchy' } } },
      'MODEL_NOISE',
      'an object with shape, distribution',
    ],
    ['metrics that are no list', { ...good, metrics: 'accuracy' }, 'MODEL_METRICS', '"accuracy"'],
    ['one metric twice', { ...good, metrics: ['a', 'a'] }, 'MODEL_DUPLICATE_NAME', '"a"'],
    ['a metric named loss', { ...good, metrics: ['loss'] }, 'MODEL_DUPLICATE_NAME', '"loss"'],
    ['no loss', { ...good, loss: 3 }, 'MODEL_FUNCTION', '3'],
    [
      'a function without apply',
      { ...good, functions: { encode: { inputs: {}, noise: {}, outputs: {} } } },
      'MODEL_FUNCTION',
      'undefined',
    ],
    [
      'an output without a shape',
      { ...good, functions: { encode: { inputs: {}, noise: {}, outputs: { z: 'mu' }, apply } } },
      'MODEL_SHAPE',
      '"mu"',
    ],
    [
      'functions that are bare',
      { ...good, functions: { encode: apply } },
      'MODEL_FUNCTION',
      'a function',
    ],
  ])('refuses %s', (_, model, code, got) => {
    const error = errorOf(() => checkModel(model));
    expect([error.code, error.got]).toEqual([code, got]);
    expect(error.message).toBe(
      `${error.where}: expected ${error.expected}, got ${error.got}. ${error.fix}`,
    );
  });

  it('says which parameter of which model is wrong', () => {
    const model = { ...good, parameters: [{ ...w, shape: [0] }] };
    expect(errorOf(() => checkModel(model)).where).toBe('model "good", parameter "w", shape');
  });
});
