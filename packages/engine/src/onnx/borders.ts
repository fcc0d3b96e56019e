/**
 * Names and shapes at the ONNX model's border. An input and an output may share a name in the engine's
 * eyes, not in ONNX's. And memory has no shape: where a graph begins or ends with a reshape, the model
 * takes or gives the reshaped tensor, since ORT would copy to reshape what belongs to the caller.
 */
import type { Graph, GraphNode, ValueId } from '../graph.ts';
import { removeUnused } from '../simplify/removeUnused.ts';

export const inputName = (name: string): string => `input:${name}`;
export const outputName = (name: string): string => `output:${name}`;

/** The graph without its first and last reshapes; its inputs and outputs have other shapes. */
export const reshapeBorders = (graph: Graph): Graph => reshapeOutputs(reshapeInputs(graph));

function reshapeOutputs(graph: Graph): Graph {
  const producers = new Map(graph.nodes.map((node) => [node.outputs[0], node]));
  const outputs = mapValues(graph.outputs, (id) => {
    const producer = producers.get(id);
    return producer?.kernel === 'Reshape' ? (producer.inputs['x'] as ValueId) : id;
  });
  return removeUnused({ ...graph, outputs });
}

function reshapeInputs(graph: Graph): Graph {
  const replaced = new Map<ValueId, ValueId>();
  const inputs = mapValues(graph.inputs, (id) => {
    const reshaped = onlyReshapes(graph, id);
    const [first] = reshaped;
    if (first === undefined) return id;
    for (const other of reshaped) replaced.set(other, first);
    return first;
  });
  const substitute = (id: ValueId): ValueId => replaced.get(id) ?? id;
  const nodes = graph.nodes
    .filter(({ outputs: [output = -1] }) => !replaced.has(output))
    .map((node) => ({
      ...node,
      inputs: mapValues(node.inputs, (ids) =>
        typeof ids === 'number' ? substitute(ids) : ids.map(substitute),
      ),
    }));
  return { ...graph, inputs, nodes, outputs: mapValues(graph.outputs, substitute) };
}

/** The results of all uses of a value, if these are reshapes to one and the same shape. */
function onlyReshapes(graph: Graph, id: ValueId): readonly ValueId[] {
  const isOutput = Object.values(graph.outputs).includes(id);
  const uses = graph.nodes.filter((node) => takes(node, id));
  const results = uses.flatMap(({ outputs }) => outputs);
  const shapes = new Set(results.map((result) => graph.values[result]?.shape.join()));
  const all = !isOutput && shapes.size === 1 && uses.every(({ kernel }) => kernel === 'Reshape');
  return all ? results : [];
}

const takes = ({ inputs }: GraphNode, id: ValueId): boolean =>
  Object.values(inputs).flat().includes(id);

const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
