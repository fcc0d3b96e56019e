import type { TensorSpecs } from './engine.ts';
import type { Graph } from './graph.ts';

/** The outputs of a graph, with their shapes. */
export const outputSpecs = ({ outputs, values }: Graph): TensorSpecs =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, id]) => [name, { shape: values[id]?.shape ?? [] }]),
  );
