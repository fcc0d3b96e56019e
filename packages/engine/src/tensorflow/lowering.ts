/**
 * What a lowering is: it appends TensorFlow nodes that compute one node of the graph. Lowerings are
 * stored per tfjs kernel; each family of kernels has a file in lowerings/.
 */
import type { GraphNode, GraphValue } from '../graph.ts';
import type { NodeAttr, TensorType } from './graphDef.ts';
import type { GraphDefBuilder } from './graphDefBuilder.ts';

export interface LoweringCall {
  readonly node: GraphNode;
  readonly tf: GraphDefBuilder;
  readonly output: GraphValue;
  /** The node's input of this name. */
  readonly input: (name: string) => GraphValue;
  /** The node's inputs where tfjs gives a list. */
  readonly inputList: (name: string) => readonly GraphValue[];
  /** Name of the node that computes a value. */
  readonly name: (value: GraphValue) => string;
}

/** Returns the name of the node that has the result. */
export type Lower = (call: LoweringCall) => string;

export type LoweringTable = Readonly<Record<string, Lower>>;

/** `T`, as most operators call the type of their operands; the graph's dtypes carry our names of them. */
export const ofType = (type: TensorType): Readonly<Record<string, NodeAttr>> => ({ T: { type } });
