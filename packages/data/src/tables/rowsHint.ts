/** Whether text that nobody called so has lines that look like the rows of a table. */
import { csvHead } from './csv/csvBytes.ts';
import { detectDelimiter } from './csv/detect.ts';
import { splitRows } from './csv/splitRows.ts';

const HEAD_BYTES = 1 << 16;
const LOOKED_AT = 50;
/** Of fewer lines nothing can be said. */
const FEWEST = 5;

/** What to say then: the first lines have all the same number of fields, more than one. */
export async function rowsHint(path: string): Promise<string | undefined> {
  const { bytes, isAll } = await csvHead(path, HEAD_BYTES);
  const text = bytes.toString();
  const delimiter = detectDelimiter(text, isAll);
  const rows = splitRows(text, delimiter, LOOKED_AT, isAll);
  const width = rows[0]?.fields.length ?? 0;
  const isTable = width > 1 && delimiter !== ' ' && rows.length >= FEWEST;
  if (!isTable || rows.some(({ fields }) => fields.length !== width)) return undefined;
  const between = JSON.stringify(delimiter);
  return `${path} is read as text; its lines look like rows of a table, ${width} columns with ${between} between them. If it is one: table:${path}`;
}
