/**
 * TensorFlow's graph messages as plain objects, and their bytes. Only what our lowerings write; the field
 * numbers are those of graph.proto, node_def.proto, attr_value.proto, tensor.proto and types.proto
 * (https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/framework).
 */
import {
  bytesField,
  concat,
  floatField,
  integerField,
  messageField,
  packedField,
  stringField,
} from '../protobuf/wire.ts';

/** `DataType` of types.proto. */
const dataType = { float32: 1, int32: 3, bool: 10 } as const;
export type TensorType = keyof typeof dataType;

export interface TensorConstant {
  readonly type: TensorType;
  readonly dims: readonly number[];
  /** Little endian, as every machine that Node runs on is. */
  readonly data: Uint8Array;
}

/** All elements of `dims` are this number. */
export interface TensorFill {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly value: number;
}

/** An attribute must say what kind it is, since a JavaScript number does not. */
export type NodeAttr =
  | { readonly type: TensorType }
  | { readonly bool: boolean }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly shape: readonly number[] }
  | { readonly tensor: TensorConstant | TensorFill };

export type NodeAttrs = Readonly<Record<string, NodeAttr>>;

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** Names of the nodes whose first output it takes. */
  readonly inputs: readonly string[];
  readonly attrs: NodeAttrs;
}

const shapeFields = (dims: readonly number[]): Uint8Array[] =>
  dims.map((size) => messageField(2, [integerField(1, size)]));

/** A single number stands for all elements of the shape. */
function fillFields({ type, value }: TensorFill): Uint8Array[] {
  if (type === 'float32') return [floatField(5, value)];
  return [integerField(type === 'int32' ? 7 : 11, value)];
}

const tensorFields = (tensor: TensorConstant | TensorFill): Uint8Array[] => [
  integerField(1, dataType[tensor.type]),
  messageField(2, shapeFields(tensor.dims)),
  ...('value' in tensor ? fillFields(tensor) : [bytesField(4, tensor.data)]),
];

function attrFields(attr: NodeAttr): Uint8Array[] {
  if ('type' in attr) return [integerField(6, dataType[attr.type])];
  if ('bool' in attr) return [integerField(5, attr.bool ? 1 : 0)];
  if ('int' in attr) return [integerField(3, attr.int)];
  if ('float' in attr) return [floatField(4, attr.float)];
  if ('string' in attr) return [stringField(2, attr.string)];
  if ('ints' in attr) return [messageField(1, [packedField(3, attr.ints)])];
  if ('strings' in attr) {
    const strings = attr.strings.map((text) => stringField(2, text));
    return [messageField(1, strings)];
  }
  if ('shape' in attr) return [messageField(7, shapeFields(attr.shape))];
  return [messageField(8, tensorFields(attr.tensor))];
}

const nodeFields = (node: NodeDef, device: string): Uint8Array[] => [
  stringField(1, node.name),
  stringField(2, node.op),
  ...node.inputs.map((name) => stringField(3, name)),
  stringField(4, device),
  ...Object.entries(node.attrs).map(([name, attr]) =>
    messageField(5, [stringField(1, name), messageField(2, attrFields(attr))]),
  ),
];

/** `GraphDef.versions.producer`: of TensorFlow 2.9, the oldest that we run on. */
const producer = 1087;

/** A serialised `GraphDef` with all nodes on one device (`/device:CPU:0`). */
export const encodeGraphDef = (nodes: readonly NodeDef[], device: string): Uint8Array =>
  concat([
    ...nodes.map((node) => messageField(1, nodeFields(node, device))),
    messageField(4, [integerField(1, producer)]),
  ]);
