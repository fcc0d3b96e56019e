/** Runs a traced graph kernel by kernel on the tfjs backend in use. */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { Graph, ValueId } from '../graph.ts';
import { shapeText } from '../shapeText.ts';

export function interpretGraph(
  graph: Graph,
  inputs: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const tensors = new Map<ValueId, Tensor>();
  const at = (id: ValueId): Tensor => {
    const tensor = tensors.get(id);
    if (!tensor) throw new Error(`Value ${id} is used before it is computed`);
    return tensor;
  };
  for (const [name, id] of Object.entries(graph.inputs)) tensors.set(id, inputs[name] as Tensor);
  for (const { id, data } of graph.constants) {
    const value = graph.values[id]!;
    tensors.set(id, tf.tensor(data, [...value.shape], value.dtype));
  }
  for (const { kernel, inputs, attrs, outputs } of graph.nodes) {
    const named = Object.entries(inputs).map(([name, id]): [string, Tensor | Tensor[]] => [
      name,
      typeof id === 'number' ? at(id) : id.map(at),
    ]);
    const list = named[0]?.[1];
    const args = Array.isArray(list) ? list : Object.fromEntries(named);
    const result = tf
      .engine()
      .runKernel<Tensor>(kernel, args as unknown as NamedTensorMap, attrs as NamedAttrMap);
    const value = graph.values[outputs[0]!]!;
    // The whole point: what the tracer inferred is what tfjs computes.
    if (result.shape.join() !== value.shape.join() || result.dtype !== value.dtype) {
      throw new Error(
        `${kernel}: traced ${shapeText(value.shape)} ${value.dtype}, computed ${shapeText(result.shape)} ${result.dtype}`,
      );
    }
    tensors.set(value.id, result);
  }
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, id]) => [name, at(id)]));
}
