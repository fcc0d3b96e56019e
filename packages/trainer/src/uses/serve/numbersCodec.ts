/** Numbers in nested lists, as deep as their shape: what JSON says of an array. */
import type { Support } from '@lockstep/core';
import { elementCount } from '../../run/namedTensor.ts';
import { describeValue, wrongInput } from './inputError.ts';
import type { JsonSchema, ValueCodec } from './valueCodec.ts';

/** A list of no dimensions is a number. */
export function numbersCodec(shape: readonly number[], support: Support = {}): ValueCodec {
  return {
    schema: numbersSchema(shape, support),
    answer: numbersSchema(shape),
    example: nested(new Float32Array(elementCount(shape)), shape),
    encode(value, where) {
      const out = new Float32Array(elementCount(shape));
      fill(out, { value, where, shape, support, at: 0 });
      return out;
    },
    decode: (values) => nested(values, shape),
  };
}

/** Of nested lists. What a model answers may lie without the bounds of what it takes: the default has none. */
export function numbersSchema(shape: readonly number[], support: Support = {}): JsonSchema {
  const [length, ...inner] = shape;
  if (length === undefined) {
    return {
      type: 'number',
      ...(support.low !== undefined && { minimum: support.low }),
      ...(support.high !== undefined && { maximum: support.high }),
    };
  }
  const items = numbersSchema(inner, support);
  return { type: 'array', minItems: length, maxItems: length, items };
}

interface Given {
  readonly value: unknown;
  readonly where: string;
  readonly shape: readonly number[];
  readonly support: Support;
  readonly at: number;
}

function fill(out: Float32Array, { value, where, shape, support, at }: Given): void {
  const [length, ...inner] = shape;
  if (length === undefined) {
    out[at] = numberOf(value, where, support);
    return;
  }
  if (!Array.isArray(value) || value.length !== length) {
    throw wrongInput(where, {
      expected: `a list of ${length}${inner.length > 0 ? ` lists, in all numbers of shape [${shape.join(', ')}]` : ' numbers'}`,
      got: describeValue(value),
      fix: 'GET /openapi.json says what an input looks like.',
    });
  }
  const size = elementCount(inner);
  for (const [i, item] of (value as readonly unknown[]).entries()) {
    if (inner.length === 0 && typeof item === 'number' && isIn(item, support)) out[at + i] = item;
    else
      fill(out, { value: item, where: `${where}[${i}]`, shape: inner, support, at: at + i * size });
  }
}

function numberOf(value: unknown, where: string, support: Support): number {
  if (typeof value === 'number' && isIn(value, support)) return value;
  if (value === null && support.missing) return NaN;
  const { low, high } = support;
  const bounds = `${low === undefined ? '' : ` from ${low}`}${high === undefined ? '' : ` to ${high}`}`;
  const isNumber = typeof value === 'number';
  if (isNumber && bounds === '') {
    throw wrongInput(where, {
      expected: 'a number within float32, which reaches to 3.4e38 either side of 0',
      got: describeValue(value),
      fix: 'Send a number nearer to 0.',
    });
  }
  throw wrongInput(where, {
    expected: `a number${bounds}`,
    got: describeValue(value),
    fix: isNumber ? 'Scale the values as the training data was.' : 'Send a number.',
  });
}

/** Infinity is not JSON, but 1e999 is. */
function isIn(value: number, { low = -Infinity, high = Infinity }: Support): boolean {
  return value >= low && value <= high && Number.isFinite(Math.fround(value));
}

/** Finite values: JSON has no word for others. */
export function nested(values: Float32Array, shape: readonly number[]): unknown {
  const [length, ...inner] = shape;
  if (length === undefined) return jsonNumber(values[0] ?? 0);
  if (inner.length === 0) return Array.from(values, jsonNumber);
  const size = elementCount(inner);
  return Array.from({ length }, (_, i) => nested(values.subarray(i * size, (i + 1) * size), inner));
}

/** As many digits as tell a float32 apart from its neighbours. */
function jsonNumber(value: number): number {
  return Number(value.toPrecision(9));
}
