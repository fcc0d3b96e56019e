import type { Graph, ValueId } from '../graph.ts';

/** Drops the nodes and constants that no output depends on. */
export function removeUnused(graph: Graph): Graph {
  const used = new Set<ValueId>(Object.values(graph.outputs));
  const nodes = graph.nodes
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((id) => used.has(id))) return false;
      for (const id of Object.values(inputs).flat()) used.add(id);
      return true;
    })
    .toReversed();
  return { ...graph, nodes, constants: graph.constants.filter(({ id }) => used.has(id)) };
}
