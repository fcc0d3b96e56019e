/**
 * What a table's columns are: inferred, shown, written to a file, edited, read again. It says nothing of
 * scaling, which is fitted on the training part.
 */
import { z } from 'zod';

const name = z.string().min(1);
const column = z.discriminatedUnion('kind', [
  z.strictObject({ name, kind: z.literal(['numeric', 'log', 'ignore']) }),
  z.strictObject({
    name,
    kind: z.literal('date'),
    /** How dates are written that do not begin with the year. */
    order: z.literal(['ymd', 'dmy', 'mdy']).optional(),
  }),
  z.strictObject({
    name,
    kind: z.literal(['categorical', 'ordinal', 'label']),
    /** All that may occur; of `ordinal`, in order. Default: those of the file, sorted. */
    categories: z
      .array(z.union([z.string(), z.number(), z.boolean()]).transform(String))
      .min(1)
      .optional(),
  }),
]);

export const tableSchema = z
  .strictObject({
    /** Whether the first row names the columns. Default: found out. */
    header: z.boolean().optional(),
    /** What parts the fields of CSV. Default: found out. */
    delimiter: z
      .string()
      .regex(/^[\t -~]$/, 'must be one ASCII character')
      .refine(
        (text) => !/["0-9A-Za-z.+-]/.test(text),
        'must be no letter, digit, quote, point or sign',
      )
      .optional(),
    decimal: z.literal(['.', ',']).optional(),
    /** Words for missing values, instead of the usual ones; an empty field always is one. */
    missing: z.array(z.string()).optional(),
    columns: z.array(column).min(1),
  })
  .superRefine(({ columns }, context) => {
    columns.forEach((each, index) => {
      const refuse = (field: string, message: string): void =>
        context.addIssue({ code: 'custom', path: ['columns', index, field], message });
      if (columns.findIndex(({ name }) => name === each.name) !== index) {
        refuse('name', `${JSON.stringify(each.name)} is the name of another column`);
      }
      if (each.kind === 'label' && columns.findIndex(({ kind }) => kind === 'label') !== index) {
        refuse('kind', 'another column is the label already');
      }
      if ('categories' in each && new Set(each.categories).size !== each.categories?.length) {
        if (each.categories) refuse('categories', 'the same category twice');
      }
    });
    if (columns.every(({ kind }) => kind === 'ignore' || kind === 'label')) {
      context.addIssue({ code: 'custom', path: ['columns'], message: 'nothing is learned from' });
    }
  });

export type TableSchema = z.infer<typeof tableSchema>;
export type SchemaColumn = TableSchema['columns'][number];
