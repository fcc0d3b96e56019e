/**
 * What a lowering is: it appends ONNX nodes that compute one node of the graph. Lowerings are stored
 * per tfjs kernel; each family of kernels has a file in lowerings/.
 */
import type { DType, GraphNode, GraphValue } from '../graph.ts';
import type { Layout } from './layouts.ts';
import type { OnnxType } from './modelProto.ts';
import type { OnnxBuilder } from './onnxBuilder.ts';

/** A computed result: its ONNX name, and how its elements lie in memory. */
export interface Lowered {
  readonly name: string;
  readonly layout: Layout;
}

export interface LoweringCall {
  readonly node: GraphNode;
  readonly onnx: OnnxBuilder;
  readonly output: GraphValue;
  /** Channels in a block of ORT's fast convolutions; absent where there are none. */
  readonly channelBlock: number | undefined;
  /** Whether it is for a GPU: for those ORT has no operators of its own beside ONNX's. */
  readonly gpu: boolean;
  /** The node's input of this name. */
  readonly input: (name: string) => GraphValue;
  /** The node's inputs where tfjs gives a list. */
  readonly inputList: (name: string) => readonly GraphValue[];
  /** ONNX name of a value, in the order of elements that tfjs knows. */
  readonly plain: (value: GraphValue) => string;
  /** ONNX name of a value in this layout; converted, once, if it is not there yet. */
  readonly inLayout: (value: GraphValue, layout: Layout) => string;
  /** Layouts that a value exists in already. */
  readonly layoutsOf: (value: GraphValue) => readonly Layout[];
}

/** A bare name is a result in plain layout. */
export type Lower = (call: LoweringCall) => string | Lowered;

export type LoweringTable = Readonly<Record<string, Lower>>;

/** The graph's dtypes carry the names of ONNX's. */
export const onnxTypeOf = (dtype: DType): OnnxType => dtype;
