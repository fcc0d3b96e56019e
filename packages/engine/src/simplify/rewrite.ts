/** Walks a graph once and lets rules replace nodes. */
import type { Graph, GraphNode, ValueId } from '../graph.ts';
import { GraphEditor } from './graphEditor.ts';
import { removeUnused } from './removeUnused.ts';

/**
 * Sees a node whose inputs are rewritten already; returns the value to use in its place, or undefined
 * where the rule has nothing to say. The value must equal the node's up to rounding.
 */
export type Rule = (node: GraphNode, editor: GraphEditor) => ValueId | undefined;

function withInputs(node: GraphNode, replaced: ReadonlyMap<ValueId, ValueId>): GraphNode {
  const substitute = (id: ValueId): ValueId => replaced.get(id) ?? id;
  const inputs = Object.entries(node.inputs).map(
    ([name, ids]) =>
      [name, typeof ids === 'number' ? substitute(ids) : ids.map(substitute)] as const,
  );
  return { ...node, inputs: Object.fromEntries(inputs) };
}

/** One pass; `changed` says whether any rule had something to say. */
function rewriteOnce(graph: Graph, rules: readonly Rule[]): { graph: Graph; changed: boolean } {
  const editor = new GraphEditor(graph);
  const replaced = new Map<ValueId, ValueId>();
  let changed = false;
  for (const original of graph.nodes) {
    const node = withInputs(original, replaced);
    const [output = -1] = node.outputs;
    editor.scope = node.scope;
    let result: ValueId | undefined;
    for (const rule of rules) {
      result = rule(node, editor);
      if (result !== undefined) break;
    }
    if (result !== undefined) changed = true;
    replaced.set(output, result ?? editor.keep(node));
  }
  const outputs = Object.entries(graph.outputs).map(
    ([name, id]) => [name, replaced.get(id) ?? id] as const,
  );
  return { graph: editor.build(graph.inputs, Object.fromEntries(outputs)), changed };
}

/** Enough for any chain of rules seen; a pair of rules that undo each other must not hang a run. */
const maxPasses = 20;

/** Passes until no rule applies any more. */
export function rewrite(graph: Graph, rules: readonly Rule[]): Graph {
  for (let pass = 0; pass < maxPasses; pass++) {
    const result = rewriteOnce(graph, rules);
    // At once, so that no rule counts the uses of what is dead.
    graph = removeUnused(result.graph);
    if (!result.changed) return graph;
  }
  throw new Error(`Graph rewriting does not end: ${rules.map(({ name }) => name).join(', ')}`);
}
