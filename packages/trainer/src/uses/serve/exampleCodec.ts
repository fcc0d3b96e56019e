/** Between the values of one example in JSON and its numbers in a model, for each kind of data. */
import type { ExampleInfo, Support } from '@lockstep/core';
import type { DataFormat } from '@lockstep/data';
import { createTableCodec, type TableRow } from '@lockstep/data/tables';
import { textCodec } from '@lockstep/data/text';
import { asInputError, describeValue, wrongInput } from './inputError.ts';
import { numbersCodec } from './numbersCodec.ts';
import { imageCodec } from './imageCodec.ts';
import { ratingsCodec } from './ratingsCodec.ts';
import type { JsonSchema, ValueCodec } from './valueCodec.ts';

/** Of x. */
export function exampleCodec(
  format: DataFormat,
  { shape }: ExampleInfo,
  support?: Support,
): ValueCodec {
  switch (format.kind) {
    case 'image':
      return imageCodec(shape, support);
    case 'table':
      return tableValue(format);
    case 'text':
      return textValue(format);
    case 'ratings':
      return ratingsCodec(format);
    case 'array':
    case 'audio':
      return numbersCodec(shape, support);
  }
}

function tableValue(format: Extract<DataFormat, { kind: 'table' }>): ValueCodec {
  const codec = createTableCodec(format);
  const learned = format.columns.filter(({ kind }) => kind !== 'label' && kind !== 'ignore');
  const properties = learned.map((column) => [
    column.name,
    'categories' in column
      ? { enum: [...column.categories, null] }
      : { type: column.kind === 'date' ? ['string', 'null'] : ['number', 'null'] },
  ]);
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(properties) as JsonSchema,
      required: learned.map(({ name }) => name),
    },
    example: codec.decode(new Float32Array(codec.columns.length))[0],
    encode(value, where) {
      if (!isRow(value)) {
        throw wrongInput(where, {
          expected: 'a row: an object with a number, a text or null for each column',
          got: describeValue(value),
          fix: 'GET /model names the columns.',
        });
      }
      try {
        return codec.encode([value], { where });
      } catch (error) {
        throw asInputError(error);
      }
    },
    decode: (values) => codec.decode(values)[0],
  };
}

function isRow(value: unknown): value is TableRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (cell) => cell === null || typeof cell === 'string' || typeof cell === 'number',
  );
}

function textValue(format: Extract<DataFormat, { kind: 'text' }>): ValueCodec {
  const codec = textCodec(format);
  return {
    schema: { type: 'string', description: `at most ${format.length} tokens` },
    example: 'text',
    encode(value, where) {
      if (typeof value !== 'string') {
        throw wrongInput(where, {
          expected: 'a text',
          got: describeValue(value),
          fix: 'Send each input as a string.',
        });
      }
      const tokens = codec.tokenize(value).length;
      if (tokens > format.length) {
        throw wrongInput(where, {
          expected: `at most ${format.length} tokens`,
          got: `${tokens}`,
          fix: 'Cut the text into several inputs.',
        });
      }
      return Float32Array.from(codec.encode(value));
    },
    decode: (values) => codec.decode(values),
  };
}
