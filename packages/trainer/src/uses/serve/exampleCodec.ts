/** Between the values of one example in JSON and its numbers in a model, for each kind of data. */
import type { ExampleInfo, Support } from '@lockstep/core';
import type { DataFormat } from '@lockstep/data';
import { createTableCodec, type TableRow, type UnknownPolicy } from '@lockstep/data/tables';
import { textCodec } from '@lockstep/data/text';
import { asInputError, describeValue, notFinite, wrongInput } from './inputError.ts';
import { numbersCodec } from './numbersCodec.ts';
import { imageCodec } from './imageCodec.ts';
import { ratingsCodec } from './ratingsCodec.ts';
import type { JsonSchema, ValueCodec } from './valueCodec.ts';

export interface ExampleCodecOptions {
  readonly support?: Support;
  /** Of tables and ratings: what training did not see is an error (the default), or counts as missing. */
  readonly unknown?: UnknownPolicy;
}

/** Of x. */
export function exampleCodec(
  format: DataFormat,
  { shape }: ExampleInfo,
  { support, unknown = 'error' }: ExampleCodecOptions = {},
): ValueCodec {
  switch (format.kind) {
    case 'image':
      return imageCodec(shape, support);
    case 'table':
      return tableValue(format, unknown);
    case 'text':
      return textValue(format);
    case 'ratings':
      return ratingsCodec(format, unknown);
    case 'array':
      return numbersCodec(shape, support);
    case 'audio':
      return soundValue(format, numbersCodec(shape, support));
  }
}

function soundValue(
  format: Extract<DataFormat, { kind: 'audio' }>,
  numbers: ValueCodec,
): ValueCodec {
  const description =
    format.features === 'mel'
      ? `mel spectrogram, [frames][mels][1]: from 0 (${format.rangeDb} dB below the loudest, or less) to 1`
      : `samples at ${format.sampleRate} Hz, each (from -1 to 1) divided by ${format.scale}`;
  const { schema, answer } = numbers;
  return { ...numbers, schema: { ...schema, description }, answer: { ...answer, description } };
}

function tableValue(
  format: Extract<DataFormat, { kind: 'table' }>,
  unknown: UnknownPolicy,
): ValueCodec {
  const codec = createTableCodec(format);
  const learned = format.columns.filter(({ kind }) => kind !== 'label' && kind !== 'ignore');
  const properties = learned.map((column) => [
    column.name,
    'categories' in column
      ? unknown === 'error'
        ? { enum: [...column.categories, null] }
        : { type: ['string', 'null'], examples: column.categories }
      : { type: column.kind === 'date' ? ['string', 'null'] : ['number', 'null'] },
  ]);
  const names = learned.map(({ name }) => name);
  const row = { type: 'object', properties: Object.fromEntries(properties) as JsonSchema };
  return {
    schema: { ...row, required: unknown === 'error' ? names : [] },
    answer: { ...row, required: names },
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
        return codec.encode([value], { where, unknown });
      } catch (error) {
        throw asInputError(error);
      }
    },
    decode(values, where) {
      const row = codec.decode(values)[0] ?? {};
      // No number or date is missing of a row from finite values: one that is not there is out of range.
      const out = learned.find((column) => !('categories' in column) && row[column.name] === null);
      if (out) throw notFinite(where, `x beyond what column ${JSON.stringify(out.name)} can say`);
      return row;
    },
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
    answer: { type: 'string' },
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
