/** A user's items: a list of their names, or an object of weights by name. */
import type { DataFormat } from '@lockstep/data';
import type { UnknownPolicy } from '@lockstep/data/tables';
import { describeValue, wrongInput } from './inputError.ts';
import { nested, numbersSchema } from './numbersCodec.ts';
import type { ValueCodec } from './valueCodec.ts';

export function ratingsCodec(
  { items }: Extract<DataFormat, { kind: 'ratings' }>,
  unknown: UnknownPolicy,
): ValueCodec {
  const numbers = new Map(items.map((name, number) => [name, number]));
  return {
    schema: {
      oneOf: [
        { type: 'array', items: { type: 'string' }, description: 'names of items' },
        { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
      ],
    },
    answer: {
      ...numbersSchema([items.length]),
      description: "a number for each item, in the order of the model's items",
    },
    example: items.slice(0, 3),
    encode(value, where) {
      const out = new Float32Array(items.length);
      for (const [name, weight] of entriesOf(value, where)) {
        const number = typeof name === 'string' ? numbers.get(name) : undefined;
        if (number === undefined) {
          if (unknown === 'ignore' && typeof name === 'string') continue;
          throw wrongInput(where, {
            expected: `one of the ${items.length} items that training saw`,
            got: describeValue(name),
            fix: 'Leave it out, or serve with --unknown ignore.',
          });
        }
        if (typeof weight !== 'number' || !(weight >= 0) || !Number.isFinite(Math.fround(weight))) {
          throw wrongInput(`${where}, item ${describeValue(name)}`, {
            expected: 'a weight of at least 0',
            got: describeValue(weight),
            fix: 'Send the rating, or 1.',
          });
        }
        out[number] = weight;
      }
      return out;
    },
    decode: (values) => nested(values, [items.length]),
  };
}

function entriesOf(value: unknown, where: string): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return (value as readonly unknown[]).map((name) => [name, 1] as const);
  if (typeof value === 'object' && value !== null) return Object.entries(value);
  throw wrongInput(where, {
    expected: "a list of items' names, or an object of weights by name",
    got: describeValue(value),
    fix: 'Send what the user has.',
  });
}
