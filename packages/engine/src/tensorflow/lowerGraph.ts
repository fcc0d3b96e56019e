/** Graph -> GraphDef bytes: walks the nodes in order and lets each kernel's lowering append its part. */
import { EngineError } from '../errors.ts';
import type { Graph, GraphNode, GraphValue, ValueId } from '../graph.ts';
import { ofType, type LoweringCall, type LoweringTable } from './lowering.ts';
import { loweringTable } from './lowerings/allLowerings.ts';
import { GraphDefBuilder } from './graphDefBuilder.ts';

/** The nodes at the graph's border, by the place of a name among the inputs or outputs. */
export const inputNode = (index: number): string => `input_${index}`;
export const outputNode = (index: number): string => `output_${index}`;

export interface LoweringOptions {
  /** Where all nodes are placed: `/device:CPU:0`. */
  readonly device: string;
  readonly table?: LoweringTable;
}

/** Throws ENGINE_NO_LOWERING. */
export function lowerGraph(
  graph: Graph,
  { device, table = loweringTable }: LoweringOptions,
): Uint8Array {
  const tf = new GraphDefBuilder();
  const names = new Map<ValueId, string>();
  const value = (id: ValueId): GraphValue => {
    const found = graph.values[id];
    if (!found) throw new Error(`The graph has no value ${id}`);
    return found;
  };
  const name = ({ id }: GraphValue): string => {
    const found = names.get(id);
    if (found === undefined) throw new Error(`Value ${id} is used before it is computed`);
    return found;
  };

  for (const [index, id] of Object.values(graph.inputs).entries()) {
    const { shape } = value(id);
    const attrs = { dtype: { type: 'float32' }, shape: { shape } } as const;
    names.set(id, tf.addNamed(inputNode(index), 'Placeholder', [], attrs));
  }
  for (const { id, data } of graph.constants) {
    const { dtype, shape } = value(id);
    names.set(id, tf.constant(dtype, shape, data));
  }
  for (const node of graph.nodes) {
    const lower = Object.hasOwn(table, node.kernel) ? table[node.kernel] : undefined;
    if (!lower) throw noLowering(node);
    const [id = -1] = node.outputs;
    tf.scope = node.scope;
    names.set(id, lower(callOf(node, tf, value, name)));
  }
  for (const [index, id] of Object.values(graph.outputs).entries()) {
    tf.addNamed(outputNode(index), 'Identity', [name(value(id))], ofType('float32'));
  }
  return tf.build(device);
}

function callOf(
  node: GraphNode,
  tf: GraphDefBuilder,
  value: (id: ValueId) => GraphValue,
  name: (value: GraphValue) => string,
): LoweringCall {
  const ids = (input: string): ValueId | readonly ValueId[] => {
    const found = node.inputs[input];
    if (found === undefined) throw new Error(`${node.kernel} has no input "${input}"`);
    return found;
  };
  return {
    node,
    tf,
    output: value(node.outputs[0] ?? -1),
    input: (input) => value(ids(input) as ValueId),
    inputList: (input) => (ids(input) as readonly ValueId[]).map(value),
    name,
  };
}

const noLowering = ({ kernel, scope }: GraphNode): EngineError =>
  new EngineError({
    code: 'ENGINE_NO_LOWERING',
    where: `No TensorFlow lowering for tfjs kernel "${kernel}" (traced in ${scope || 'the function'})`,
    expected: 'a kernel that can be lowered',
    got: `"${kernel}"`,
    fix: 'Add one in engine/src/tensorflow/lowerings, or run with --engine eager:cpu.',
  });
