/**
 * What a table's columns are: inferred, shown, written to a file, edited, read again. It says nothing of
 * scaling, which is fitted on the training part.
 */
import { z } from 'zod';

/** Each message says what is expected, for `expected, got` (schemaFile.ts). */
const expected = (what: string) => ({ error: what });
/** Of an object: `known` are its fields. */
const fields = (what: string, known: string) => ({
  error: ({ code }: { readonly code: string }) =>
    code === 'unrecognized_keys' ? `no field but ${known}` : what,
});

const A_COLUMN = 'a column: its `name` and its `kind`';
const KINDS = 'numeric, log, categorical, ordinal, date, label or ignore';
const A_NAME = expected("a column's name");
const CATEGORIES = expected('a list of categories, at least one');

const name = z.string(A_NAME).min(1, A_NAME);
const column = z.discriminatedUnion(
  'kind',
  [
    z.strictObject(
      { name, kind: z.literal(['numeric', 'log', 'ignore']) },
      fields(A_COLUMN, 'name, as the kind is'),
    ),
    z.strictObject(
      {
        name,
        kind: z.literal('date'),
        /** How dates are written that do not begin with the year. */
        order: z.literal(['ymd', 'dmy', 'mdy'], expected('ymd, dmy or mdy')).optional(),
      },
      fields(A_COLUMN, 'name and order, as the kind is'),
    ),
    z.strictObject(
      {
        name,
        kind: z.literal(['categorical', 'ordinal', 'label']),
        /** All that may occur; of `ordinal`, in order. Default: those of the file, sorted. */
        categories: z
          .array(
            z.union([z.string(), z.number(), z.boolean()], expected('a word')).transform(String),
            CATEGORIES,
          )
          .min(1, CATEGORIES)
          .optional(),
      },
      fields(A_COLUMN, 'name and categories, as the kind is'),
    ),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? KINDS : A_COLUMN) },
);

const A_DELIMITER = 'one ASCII character, no letter, digit, quote, point or sign';
const COLUMNS = expected('a list of columns, at least one');

export const tableSchema = z
  .strictObject(
    {
      /** Whether the first row names the columns. Default: found out. */
      header: z.boolean(expected('true or false')).optional(),
      /** What parts the fields of CSV. Default: found out. */
      delimiter: z
        .string(expected(A_DELIMITER))
        .regex(/^[\t -~]$/, A_DELIMITER)
        .refine((text) => !/["0-9A-Za-z.+-]/.test(text), A_DELIMITER)
        .optional(),
      decimal: z.literal(['.', ','], expected('"." or ","')).optional(),
      /** Words for missing values, instead of the usual ones; an empty field always is one. */
      missing: z
        .array(z.string(expected('a word')), expected('a list of words for missing values'))
        .optional(),
      columns: z.array(column, COLUMNS).min(1, COLUMNS),
    },
    fields(
      'a schema: `columns`, each with a `name` and a `kind`',
      'header, delimiter, decimal, missing and columns',
    ),
  )
  .superRefine(({ columns }, context) => {
    columns.forEach((each, index) => {
      const refuse = (field: string, message: string): void =>
        context.addIssue({ code: 'custom', path: ['columns', index, field], message });
      if (columns.findIndex(({ name }) => name === each.name) !== index) {
        refuse('name', 'a name that no other column has');
      }
      if (each.kind === 'label' && columns.findIndex(({ kind }) => kind === 'label') !== index) {
        refuse('kind', 'one label alone');
      }
      if ('categories' in each && new Set(each.categories).size !== each.categories?.length) {
        if (each.categories) refuse('categories', 'each category once');
      }
    });
    if (columns.every(({ kind }) => kind === 'ignore' || kind === 'label')) {
      context.addIssue({ code: 'custom', path: ['columns'], message: 'a column to learn from' });
    }
  });

export type TableSchema = z.infer<typeof tableSchema>;
export type SchemaColumn = TableSchema['columns'][number];
