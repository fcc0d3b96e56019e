/** Collects values, constants and nodes while a function is traced. Nodes arrive in topological order. */
import type { DType, Graph, GraphConstant, GraphNode, GraphValue, ValueId } from '../graph.ts';
import { sameShape } from '../shape.ts';

export type ConstantData = GraphConstant['data'];

/** A node before its inputs and outputs have become ids. */
export interface NodeDraft {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, GraphValue | readonly GraphValue[]>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly scope: string;
}

export class GraphBuilder {
  readonly #values: GraphValue[] = [];
  readonly #constants: GraphConstant[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #inputs: Record<string, ValueId> = {};

  input(name: string, shape: readonly number[]): GraphValue {
    const value = this.#value(shape, 'float32');
    this.#inputs[name] = value.id;
    return value;
  }

  /** Takes ownership of `data`. Equal constants are one, so that what is computed from them is too. */
  constant(data: ConstantData, shape: readonly number[], dtype: DType): GraphValue {
    const known = this.#constants.find(({ id, data: other }) => {
      const value = this.#values[id];
      return value?.dtype === dtype && sameShape(value.shape, shape) && sameBytes(other, data);
    });
    const same = known && this.#values[known.id];
    if (same) return same;
    const value = this.#value(shape, dtype);
    this.#constants.push({ id: value.id, data });
    return value;
  }

  node(draft: NodeDraft, shape: readonly number[], dtype: DType): GraphValue {
    const output = this.#value(shape, dtype);
    const inputs: Record<string, ValueId | readonly ValueId[]> = {};
    for (const [name, input] of Object.entries(draft.inputs)) {
      inputs[name] = 'id' in input ? input.id : input.map((value) => value.id);
    }
    const { kernel, attrs, scope } = draft;
    this.#nodes.push({ kernel, inputs, attrs, outputs: [output.id], scope });
    return output;
  }

  build(outputs: Readonly<Record<string, ValueId>>): Graph {
    return {
      values: this.#values,
      constants: this.#constants,
      nodes: this.#nodes,
      inputs: this.#inputs,
      outputs,
    };
  }

  #value(shape: readonly number[], dtype: DType): GraphValue {
    const value = { id: this.#values.length, shape: [...shape], dtype };
    this.#values.push(value);
    return value;
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ConstantData): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Not the numbers: 0 is not -0. */
const sameBytes = (a: ConstantData, b: ConstantData): boolean => bytesOf(a).equals(bytesOf(b));
