/** Values written as the file that they are to stand in writes its own. */
import type { columnCodec, TableFormat } from '@lockstep/data/tables';

/** Of a column's values as the model has them: decimal commas, and days first, where the file has such. */
export function writtenLike(
  { column, decode }: ReturnType<typeof columnCodec>,
  { decimal }: Pick<TableFormat, 'decimal'>,
): (x: number) => string {
  const plain = (x: number): string => String(decode(x) ?? '');
  if (column.kind === 'numeric' || column.kind === 'log') {
    return decimal === ',' ? (x) => plain(x).replace('.', ',') : plain;
  }
  if (column.kind !== 'date' || column.order === 'ymd') return plain;
  const to = column.order === 'dmy' ? '$3.$2.$1' : '$2/$3/$1';
  return (x) => plain(x).replace(/^(\d+)-(\d+)-(\d+)/, to);
}
