/** Which columns of a file are those of a schema or of a trained run. */
import { isNew, vanished } from './codec.ts';
import type { SchemaColumn, TableSchema } from './schema.ts';
import type { TableReader } from './tableBlock.ts';
import { tableError } from './tableErrors.ts';
import type { TableFormat } from './tableFormat.ts';
import type { UnknownPolicy } from './tableRow.ts';

/** What the schema says of each column of the file; a label named by an option goes before. */
export function matchSchema(
  { names, where }: TableReader,
  schema: TableSchema | undefined,
  label: string | undefined,
): (SchemaColumn | undefined)[] {
  if (label !== undefined && !names.includes(label)) {
    throw tableError(
      { where, column: label },
      {
        code: 'DATA_TABLE_COLUMNS',
        expected: `the label to be one of the columns ${names.join(', ')}`,
        got: 'none of this name',
        fix: 'Check the name.',
      },
    );
  }
  for (const { name } of schema?.columns ?? []) {
    if (names.includes(name)) continue;
    throw tableError(
      { where, column: name },
      { ...vanished, expected: 'this column, which the schema names', fix: 'Correct the schema.' },
    );
  }
  return names.map((name) => {
    const known = schema?.columns.find((column) => column.name === name);
    if (name === label) {
      return known?.kind === 'label' ? known : { name, kind: 'label' as const };
    }
    if (schema && !known) {
      throw tableError(
        { where, column: name },
        {
          ...isNew,
          expected: 'only columns that the schema names',
          fix: 'Add it to the schema, with `kind: ignore` if it is of no use.',
        },
      );
    }
    // The option's label takes the place of the schema's.
    if (known?.kind === 'label' && label !== undefined) return { name, kind: 'ignore' as const };
    return known;
  });
}

/**
 * Throws DATA_TABLE_COLUMNS for learned columns that the file has not and columns that training had not,
 * unless unknown things are to be ignored; then they are said.
 */
export function matchColumns(
  { names, where }: TableReader,
  format: TableFormat,
  unknown: UnknownPolicy,
): { readonly notes: readonly string[] } {
  const notes: string[] = [];
  for (const { name, kind } of format.columns) {
    if (kind === 'ignore' || kind === 'label' || names.includes(name)) continue;
    if (unknown === 'error') throw tableError({ where, column: name }, vanished);
    notes.push(`Column "${name}" is not there: it counts as missing in every row.`);
  }
  for (const name of names) {
    if (format.columns.some((column) => column.name === name)) continue;
    if (unknown === 'error') throw tableError({ where, column: name }, isNew);
    notes.push(`Column "${name}" is passed over: the training data did not have it.`);
  }
  return { notes };
}

/**
 * Names for the columns of a file without a header: those of the schema or of the training data, by their
 * place; the label may be absent. Undefined: no such names are known.
 */
export function namesByPlace(
  where: string,
  width: number,
  names: readonly string[] | undefined,
  format: TableFormat | undefined,
): readonly string[] | undefined {
  const all = format ? format.columns.map(({ name }) => name) : names;
  if (!all || all.length === width) return all;
  const unlabelled = format?.columns.filter(({ kind }) => kind !== 'label').map(({ name }) => name);
  if (unlabelled?.length === width) return unlabelled;
  throw tableError(
    { where },
    {
      code: 'DATA_TABLE_COLUMNS',
      expected: `${all.length} columns, as ${format ? 'the training data' : 'the schema'} has`,
      got: `${width}, and no header that would name them`,
      fix: 'Complete the file or the schema, or put a header into the first row.',
    },
  );
}
