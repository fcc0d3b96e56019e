/**
 * The little of protobuf's wire format that writing a model for a runtime takes: varints, 32-bit floats and
 * length-delimited fields. A message is the concatenation of its fields.
 */
const encoder = new TextEncoder();

/** Protobuf's base-128 integer; negative numbers take ten bytes, as two's complement of 64 bits. */
export function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new Error(`varint of ${value}`);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    result.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return result;
}

const tag = (field: number, wireType: number): Uint8Array => varint(field * 8 + wireType);

export const integerField = (field: number, value: number): Uint8Array =>
  concat([tag(field, 0), varint(value)]);

export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([tag(field, 5), bytes]);
}

export const bytesField = (field: number, bytes: Uint8Array): Uint8Array =>
  concat([tag(field, 2), varint(bytes.byteLength), bytes]);

export const stringField = (field: number, text: string): Uint8Array =>
  bytesField(field, encoder.encode(text));

/** A nested message, given as its fields. */
export const messageField = (field: number, fields: readonly Uint8Array[]): Uint8Array =>
  bytesField(field, concat(fields));

/** Repeated integers, packed. */
export const packedField = (field: number, values: readonly number[]): Uint8Array =>
  bytesField(field, concat(values.map(varint)));
