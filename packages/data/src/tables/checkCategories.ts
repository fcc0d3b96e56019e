/** Whether a column's texts are among the categories that a schema lists. */
import { Dictionary } from './dictionary.ts';
import type { Reading, TableReader } from './tableBlock.ts';
import { notInSchema } from './tableErrors.ts';

/** Throws DATA_TABLE_UNSEEN, with the row, which it reads the file once more to find. */
export async function checkCategories(
  reader: TableReader,
  column: number,
  texts: readonly string[],
  given: readonly string[],
): Promise<void> {
  const unknown = texts.find((text) => !given.includes(text));
  if (unknown === undefined) return;
  // Nothing is missing by name here, so that the code is found by its text alone.
  const dictionary = new Dictionary(Infinity, new Set());
  const place = { where: reader.where, column: reader.names[column] ?? '' };
  await reader.scan({
    readings: reader.names.map((_, c): Reading =>
      c === column ? { as: 'text', dictionary } : { as: 'skip' },
    ),
    misfit: () => undefined,
    take: ({ columns, line }) => {
      const code = dictionary.texts.indexOf(unknown);
      const row = code < 0 ? -1 : (columns[column]?.indexOf(code) ?? -1);
      if (row >= 0) throw notInSchema({ ...place, row: line(row) }, unknown, given);
    },
  });
  throw notInSchema(place, unknown, given);
}
