/**
 * The traced graph: tfjs kernels in topological order over numbered values. Between trace and
 * lowering there is nothing else; rewrites are functions Graph -> Graph.
 */
export type DType = 'float32' | 'int32' | 'bool';

export type ValueId = number;

export interface GraphValue {
  readonly id: ValueId;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export interface GraphNode {
  /** tfjs kernel name (`MatMul` is tfjs's `BatchMatMul`), or one of our fused operations. */
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, ValueId | readonly ValueId[]>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly ValueId[];
  /** Where in the model the node was recorded (tfjs scope names), for error messages. */
  readonly scope: string;
}

export interface GraphConstant {
  readonly id: ValueId;
  readonly data: Float32Array | Int32Array | Uint8Array;
}

export interface Graph {
  /** Indexed by ValueId. */
  readonly values: readonly GraphValue[];
  readonly constants: readonly GraphConstant[];
  readonly nodes: readonly GraphNode[];
  readonly inputs: Readonly<Record<string, ValueId>>;
  readonly outputs: Readonly<Record<string, ValueId>>;
}
