/** Just enough of protobuf's wire format to write messages. A field is its bytes, tag included. */

export function doubleField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concat(varint(number * 8 + 1), bytes);
}

export function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat(varint(number * 8 + 5), bytes);
}

/** A non-negative integer up to 2^53 - 1. */
export function integerField(number: number, value: number): Uint8Array {
  return concat(varint(number * 8), varint(value));
}

export function textField(number: number, value: string): Uint8Array {
  return bytesField(number, new TextEncoder().encode(value));
}

/** Bytes, or a message made of `fields`. */
export function bytesField(number: number, ...fields: readonly Uint8Array[]): Uint8Array {
  const content = concat(...fields);
  return concat(varint(number * 8 + 2), varint(content.length), content);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
