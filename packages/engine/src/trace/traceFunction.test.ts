import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TensorFunction } from '../engine.ts';
import { gradientFunction } from '../gradientFunction.ts';
import { caseModel } from '../testing/functionCase.ts';
import { interpretGraph } from '../testing/interpretGraph.ts';
import { activationCases, layerCases } from '../testing/layerCases.ts';
import { likelihoodCases } from '../testing/likelihoodCases.ts';
import { convVae, mlpVae } from '../testing/models.ts';
import { elementwiseCases, optionalCases, shapeCases } from '../testing/operationCases.ts';
import { inputsFor } from '../testing/values.ts';
import { traceFunction } from './traceFunction.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Values of every output, computed eagerly and through the traced graph. */
function bothWays(fn: TensorFunction) {
  const graph = traceFunction(fn);
  return tf.tidy(() => {
    const values = inputsFor(fn);
    const inputs = Object.fromEntries(
      Object.entries(fn.inputs).map(([name, { shape }]): [string, Tensor] => [
        name,
        tf.tensor(values[name]!, [...shape]),
      ]),
    );
    const read = (tensors: Readonly<Record<string, Tensor>>) =>
      Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, t.arraySync()]));
    return { eager: read(fn.apply(inputs)), traced: read(interpretGraph(graph, inputs)) };
  });
}

describe('the graph, run through tfjs kernels, gives the bits that the function gives', () => {
  test.each([
    ...[...layerCases, ...activationCases, ...likelihoodCases].map(caseModel),
    ...[...elementwiseCases, ...shapeCases, ...optionalCases].map(caseModel),
    mlpVae(12, 7, 3),
    convVae(8, 4, 2),
  ])('$name', (model) => {
    const { eager, traced } = bothWays(gradientFunction(model, 3));
    expect(traced).toEqual(eager);
    expect(Object.keys(eager)).toContain('metrics');
  });
});
