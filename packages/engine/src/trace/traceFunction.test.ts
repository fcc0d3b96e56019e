import { add, concat, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { startBackend } from '../eager/backends.ts';
import { gradientFunction } from '../gradientFunction.ts';
import { bothWays } from '../testing/bothWays.ts';
import { caseModel } from '../testing/functionCase.ts';
import { functionCases } from '../testing/functionCases.ts';
import { convVae, mlpVae } from '../testing/models.ts';
import { optionalCases } from '../testing/operationCases.ts';
import { traceFunction } from './traceFunction.ts';

beforeAll(() => startBackend('cpu'));

describe('the graph, run through tfjs kernels, gives the bits that the function gives', () => {
  test.each([
    ...[...functionCases, ...optionalCases].map(caseModel),
    mlpVae(12, 7, 3),
    convVae(8, 4, 2),
  ])('$name', (model) => {
    const { eager, traced } = bothWays(gradientFunction(model, 3));
    expect(traced).toEqual(eager);
    expect(Object.keys(eager)).toHaveLength(model.parameters.length + 1);
  });
});

test('constants of equal bytes are one', () => {
  const graph = traceFunction({
    inputs: { x: { shape: [2] } },
    apply: ({ x }) => {
      const plus = (values: number[]) => add(x!, tensor(values));
      return { y: concat([plus([0, 1]), plus([0, 1]), plus([-0, 1])]) };
    },
  });
  expect(graph.constants.map(({ data }) => [...data])).toEqual([
    [0, 1],
    [-0, 1],
  ]);
});
