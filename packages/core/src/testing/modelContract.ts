/** What every model owes, checked on a small batch with a padding row. Gives back what it ran on. */
import {
  engine,
  memory,
  ones,
  scalar,
  sum,
  tensor,
  tidy,
  zeros,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { checkModel } from '../checkModel.ts';
import { initializeParameters } from '../initialize.ts';
import type { LossContext, LossResult, Model, NamedTensors } from '../model.ts';
import { modelTensors } from '../modelTensors.ts';
import { parameterTensors } from '../namedTensors.ts';
import { fillNoise } from '../random/noise.ts';
import { elementCount } from '../shape.ts';
import { uniformValues } from './values.ts';

export interface Run {
  readonly params: NamedTensors;
  readonly batch: NamedTensors;
  readonly noise: NamedTensors;
  readonly context: LossContext;
}

/** Initial parameters, random examples with labels 0, 1, 2 ..., noise; the scalars of step 0 of 100. */
export function runOf(
  model: Model,
  count: number,
  options: { readonly seed?: number; readonly x?: ArrayLike<number> | undefined } = {},
): Run {
  const { seed = 3, x } = options;
  const specs = modelTensors(model);
  const examples = Object.entries(model.inputs).map(([name, shape]): [string, Tensor] => {
    const values =
      name === 'label'
        ? Float32Array.from({ length: count }, (_, i) => i)
        : name === 'x' && x
          ? Float32Array.from(x)
          : examplesOf(model, uniformValues([count, ...shape], seed));
    return [name, tensor(values, [count, ...shape])];
  });
  return {
    params: parameterTensors(specs, initializeParameters(specs, seed)),
    batch: Object.fromEntries(examples),
    noise: noiseOf(model.noise, count, seed),
    context: {
      training: true,
      weight: ones([count]),
      scalars: Object.fromEntries(
        Object.entries(model.scalars ?? {}).map(([name, { at }]): [string, Tensor] => [
          name,
          scalar(at(0, 100)),
        ]),
      ),
    },
  };
}

/** Values in (0, 1), or such whole numbers as the model takes. */
function examplesOf({ support }: Model, uniform: Float32Array): Float32Array {
  if (support?.step !== 1) return uniform;
  const { low = 0, high = 1 } = support;
  return high > 1 ? uniform.map((u) => low + Math.floor(u * (high - low + 1))) : uniform;
}

/** As whoever runs a model draws it. */
export function noiseOf(specs: Model['noise'], count: number, seed = 3): NamedTensors {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, distribution }], stream): [string, Tensor] => {
      const size = elementCount(shape);
      const values = new Float32Array(count * size);
      for (let example = 0; example < count; example++) {
        const out = values.subarray(example * size, (example + 1) * size);
        fillNoise(out, distribution, { seed, kind: 'trainNoise', stream, epoch: 0, example });
      }
      return [name, tensor(values, [count, ...shape])];
    }),
  );
}

type Loss = (params: NamedTensors) => Tensor;

/** Gradient of the sum of `loss` by parameter; zeros where it does not depend on one. */
export function gradients(
  names: readonly string[],
  params: NamedTensors,
  loss: Loss,
): Record<string, Float32Array> {
  return tidy(() => {
    const xs = names.map((name) => params[name] as Tensor);
    const { grads } = engine().gradients(() => sum(loss(params)), xs, undefined, true);
    return Object.fromEntries(
      names.map((name, i): [string, Float32Array] => {
        const slope: Tensor = grads[i] ?? zeros((xs[i] as Tensor).shape);
        return [name, slope.dataSync() as Float32Array];
      }),
    );
  });
}

/** The parameters that each phase trains; the first is the loss's. */
export function phasesOf(model: Model): readonly { loss: Model['loss']; names: string[] }[] {
  const { phases = [] } = model;
  const taken = phases.flatMap(({ parameters }) => parameters);
  const own = model.parameters.map(({ name }) => name).filter((name) => !taken.includes(name));
  return [
    { loss: model.loss, names: own },
    ...phases.map(({ loss, parameters }) => ({ loss, names: [...parameters] })),
  ];
}

/** Runs `make`, and asserts that the tensors it returns are all that it leaves. */
function leavesOnly<T>(make: () => T, tensorsOf: (made: T) => readonly Tensor[]): T {
  const before = memory().numTensors;
  const made = make();
  const distinct = new Set(tensorsOf(made).map(({ id }) => id));
  expect(memory().numTensors).toBe(before + distinct.size);
  return made;
}

const finite = (t: Tensor): boolean => t.dataSync().every(Number.isFinite);

function checkResult(result: LossResult, metrics: readonly string[], count: number): void {
  expect(Object.keys(result.metrics).toSorted()).toEqual([...metrics].toSorted());
  for (const value of [result.loss, ...Object.values(result.metrics)]) {
    expect(value.shape).toEqual([count]);
    expect(value.dtype).toBe('float32');
    expect(finite(value)).toBe(true);
  }
}

const all = ({ loss, metrics, statistics = {} }: LossResult): readonly Tensor[] => [
  loss,
  ...Object.values(metrics),
  ...Object.values(statistics),
];

/** Rows from `from` on become padding: zeros everywhere, of weight 0. */
function padded(run: Run, from: number): Run {
  const blank = (tensors: NamedTensors): NamedTensors =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, t]): [string, Tensor] => {
        const values = t.dataSync().slice();
        values.fill(0, (values.length / (t.shape[0] ?? 1)) * from);
        return [name, tensor(values, t.shape)];
      }),
    );
  const { weight } = blank({ weight: run.context.weight });
  return {
    ...run,
    batch: blank(run.batch),
    noise: blank(run.noise),
    context: { ...run.context, weight: weight as Tensor1D },
  };
}

/**
 * Shapes, names, finite values with padding rows, no tensor left behind; every parameter is trained by
 * the phase it belongs to, unless it is among `untrained`.
 */
export function expectModelContract(
  model: Model,
  options: {
    readonly count?: number;
    readonly untrained?: readonly string[];
    /** Values of all examples. Default: in (0, 1). */
    readonly x?: ArrayLike<number>;
  } = {},
): void {
  const { count = 4, untrained = [], x } = options;
  checkModel(model);
  const full = runOf(model, count, { x });
  const half = padded(full, count - 1);
  for (const { params, batch, noise, context } of [full, half]) {
    for (const training of [true, false]) {
      const loss = () => model.loss(params, batch, noise, { ...context, training });
      const result = leavesOnly(loss, all);
      checkResult(result, model.metrics, count);
      for (const { name, shape } of training ? (model.state ?? []) : []) {
        const statistic = result.statistics?.[name] as Tensor;
        expect([name, statistic.shape]).toEqual([name, [count, ...shape]]);
        expect(finite(statistic)).toBe(true);
      }
    }
    for (const phase of model.phases ?? []) {
      const result = leavesOnly(() => phase.loss(params, batch, noise, context), all);
      checkResult(result, phase.metrics, count);
    }
  }
  const { params, batch, noise, context } = full;
  for (const { loss, names } of phasesOf(model)) {
    const slopes = gradients(names, params, (p) => loss(p, batch, noise, context).loss);
    for (const [name, slope] of Object.entries(slopes)) {
      expect([name, slope.every(Number.isFinite)]).toEqual([name, true]);
      expect([name, slope.some((v) => v !== 0)]).toEqual([name, !untrained.includes(name)]);
    }
  }
  for (const [name, fn] of Object.entries(model.functions ?? {})) {
    const inputs = Object.fromEntries(
      Object.entries(fn.inputs).map(([input, shape]): [string, Tensor] => [
        input,
        batch[input] ?? tensor(uniformValues([count, ...shape]), [count, ...shape]),
      ]),
    );
    const drawn = noiseOf(fn.noise, count);
    const outputs = leavesOnly(
      () => fn.apply(params, inputs, drawn),
      (made) => Object.values(made),
    );
    expect(Object.keys(outputs)).toEqual(Object.keys(fn.outputs));
    for (const [output, shape] of Object.entries(fn.outputs)) {
      const made = outputs[output] as Tensor;
      expect([name, output, made.shape]).toEqual([name, output, [count, ...shape]]);
      expect([name, finite(made)]).toEqual([name, true]);
    }
  }
}
