/** One function computed eagerly, and through its traced graph; both on tfjs's cpu kernels. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFunction } from '../engine.ts';
import { traceFunction } from '../trace/traceFunction.ts';
import { interpretGraph } from '../childProcess/interpretGraph.ts';
import { inputsFor } from './values.ts';

type Described = Record<string, { shape: number[]; dtype: string; values: number[] }>;

/** Needs the cpu backend to be the current one. */
export function bothWays(fn: TensorFunction): { eager: Described; traced: Described } {
  const graph = traceFunction(fn);
  const values = inputsFor(fn);
  let result: { eager: Described; traced: Described } | undefined;
  tf.tidy(() => {
    const inputs = Object.fromEntries(
      Object.entries(fn.inputs).map(([name, { shape }]): [string, Tensor] => [
        name,
        tf.tensor(values[name]!, [...shape]),
      ]),
    );
    result = { eager: describe(fn.apply(inputs)), traced: describe(interpretGraph(graph, inputs)) };
  });
  return result!;
}

const describe = (tensors: Readonly<Record<string, Tensor>>): Described =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      { shape: tensor.shape, dtype: tensor.dtype, values: [...tensor.dataSync()] },
    ]),
  );
