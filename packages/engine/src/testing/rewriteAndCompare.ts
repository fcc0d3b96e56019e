/** For tests of rules: rewrites a traced function, and checks that it still is the same function. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { elementCount } from '../buffers.ts';
import type { Graph } from '../graph.ts';
import { registerGradients } from '../registerGradients.ts';
import { rewrite, type Rule } from '../simplify/rewrite.ts';
import type { Shape } from '../shape.ts';
import { interpretGraph } from '../childProcess/interpretGraph.ts';
import { spread } from './values.ts';
import { traceFunction } from '../trace/traceFunction.ts';

export type TestFunction = (...inputs: Tensor[]) => Tensor;

function evaluate(graph: Graph, values: readonly Float32Array[]): Float32Array {
  return tf.tidy(() => {
    const inputs = Object.entries(graph.inputs).map(([name, id], i): [string, Tensor] => [
      name,
      tf.tensor(values[i] ?? [], [...(graph.values[id]?.shape ?? [])]),
    ]);
    return interpretGraph(graph, Object.fromEntries(inputs))['y']?.dataSync() as Float32Array;
  });
}

/** Kernels of ours in terms of tfjs's, which the interpreter can run. */
const expandOwnKernels: Rule = ({ kernel, inputs, attrs, outputs: [output = -1] }, editor) => {
  if (kernel === 'ReluGrad') {
    const step = editor.unary('Step', inputs['y'] as number, { alpha: 0 });
    return editor.binary('Multiply', inputs['dy'] as number, step);
  }
  if (kernel === 'FusedConv2DBackpropInput') {
    const { bias, ...rest } = inputs;
    const shape = editor.shape(output);
    const conv = editor.emit({ kernel: 'Conv2DBackpropInput', inputs: rest, attrs, shape });
    const sum = editor.binary('Add', conv, bias as number);
    return attrs['activation'] === 'relu' ? editor.unary('Relu', sum) : sum;
  }
  return undefined;
};

/** Largest difference of two results, relative to the largest element. */
function difference(expected: Float32Array, actual: Float32Array): number {
  const scale = Math.max(1e-30, ...expected.map(Math.abs));
  if (actual.length !== expected.length) return Infinity;
  return Math.max(0, ...expected.map((value, i) => Math.abs(value - (actual[i] ?? NaN)) / scale));
}

export interface Comparison {
  /** Kernels before and after, in order. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly graph: Graph;
  readonly difference: number;
}

export function rewriteAndCompare(
  fn: TestFunction,
  shapes: readonly Shape[],
  rewriteGraph: (graph: Graph) => Graph,
): Comparison {
  registerGradients();
  const inputs = Object.fromEntries(shapes.map((shape, i) => [`input${i}`, { shape }]));
  const apply = (tensors: Readonly<Record<string, Tensor>>) => ({
    y: fn(...Object.values(tensors)),
  });
  const graph = traceFunction({ inputs, apply });
  const rewritten = rewriteGraph(graph);
  const values = shapes.map((shape, i) => spread(elementCount(shape), i).map((x) => x * 6));
  // Where a step or a relu has its corner.
  for (const array of values) array[0] = 0;
  const kernels = ({ nodes }: Graph): string[] => nodes.map(({ kernel }) => kernel);
  return {
    before: kernels(graph),
    after: kernels(rewritten),
    graph: rewritten,
    difference: difference(
      evaluate(graph, values),
      evaluate(rewrite(rewritten, [expandOwnKernels]), values),
    ),
  };
}
