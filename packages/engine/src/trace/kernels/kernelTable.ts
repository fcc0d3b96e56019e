/**
 * What a family of kernels is made of: one recorder per tfjs kernel. A recorder infers shape and
 * dtype of the result and appends nodes to the graph; it never sees numbers.
 */
import type { DType, GraphValue } from '../../graph.ts';
import type { ConstantData } from '../graphBuilder.ts';

export interface KernelNode {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, GraphValue | readonly GraphValue[]>>;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export interface KernelCall {
  /** tfjs's name. */
  readonly kernel: string;
  /** tfjs's attributes; a recorder asserts the type tfjs declares for its kernel. */
  readonly attrs: object;
  input(name: string): GraphValue;
  /** Inputs that tfjs leaves out at times: `bias` of a fused kernel. */
  optionalInput(name: string): GraphValue | undefined;
  /** The inputs of kernels that take a list: Concat, Pack, AddN. */
  inputList(): readonly GraphValue[];
  /** Appends a node: of this kernel, unless it names another. */
  emit(node: Omit<KernelNode, 'kernel'> & Partial<KernelNode>): GraphValue;
  constant(data: ConstantData, shape: readonly number[], dtype: DType): GraphValue;
  /** Records another kernel: for kernels that are compositions. */
  record(
    kernel: string,
    inputs: Readonly<Record<string, GraphValue>> | readonly GraphValue[],
    attrs?: object,
  ): GraphValue;
}

export type RecordKernel = (call: KernelCall) => GraphValue | readonly GraphValue[];

export type KernelTable = Readonly<Record<string, RecordKernel>>;
