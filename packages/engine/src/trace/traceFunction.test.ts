import { expect, test } from 'vitest';
import { gradientFunction } from '../gradientFunction.ts';
import { mlpVae } from '../testing/models.ts';
import { traceFunction } from './traceFunction.ts';

test('traces', () => {
  const graph = traceFunction(gradientFunction(mlpVae(784, 400, 20), 128));
  expect(graph.nodes.map(({ kernel }) => kernel)).toContain('BatchMatMul');
});
