/** Collects the nodes of one TensorFlow graph; equal constants are stored once. */
import {
  encodeGraphDef,
  type NodeAttrs,
  type NodeDef,
  type TensorConstant,
  type TensorFill,
  type TensorType,
} from './graphDef.ts';

/** What a name of a node may hold besides letters and digits. */
const forbidden = /[^A-Za-z0-9_.\\/>-]/g;

export class GraphDefBuilder {
  readonly #nodes: NodeDef[] = [];
  readonly #constants = new Map<string, string>();
  /** Where in the model the nodes that follow were recorded; part of their names. */
  scope = '';

  /** Appends a node with one output and returns its name. */
  add(op: string, inputs: readonly string[], attrs: NodeAttrs = {}): string {
    const scope = this.scope.replace(forbidden, '_');
    const name = `step/${scope ? `${scope}/` : ''}${op}_${this.#nodes.length}`;
    return this.addNamed(name, op, inputs, attrs);
  }

  addNamed(name: string, op: string, inputs: readonly string[], attrs: NodeAttrs): string {
    this.#nodes.push({ name, op, inputs, attrs });
    return name;
  }

  constant(type: TensorType, dims: readonly number[], data: ArrayBufferView): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = `${type}[${dims.join()}]${Buffer.from(bytes).toString('latin1')}`;
    return this.#constant(key, { type, dims, data: bytes });
  }

  /** All elements the same: one number in the graph, whatever the shape. */
  fill(type: TensorType, dims: readonly number[], value: number): string {
    const text = Object.is(value, -0) ? '-0' : String(value);
    return this.#constant(`${type}[${dims.join()}]=${text}`, { type, dims, value });
  }

  #constant(key: string, tensor: TensorConstant | TensorFill): string {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `constant_${this.#constants.size}`;
    this.addNamed(name, 'Const', [], { dtype: { type: tensor.type }, value: { tensor } });
    this.#constants.set(key, name);
    return name;
  }

  /** A float32 constant of shape []. */
  scalar(value: number): string {
    return this.fill('float32', [], value);
  }

  /** Shapes, axes and permutations: int32, of shape [values.length]. */
  integers(values: readonly number[]): string {
    return this.constant('int32', [values.length], Int32Array.from(values));
  }

  build(device: string): Uint8Array {
    return encodeGraphDef(this.#nodes, device);
  }
}
