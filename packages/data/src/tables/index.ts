export { createTableCodec } from './codec.ts';
export type { EncodeOptions, TableCodec } from './codec.ts';
export { columnInfo, isCategorical, labelColumn, learnedColumns } from './tableFormat.ts';
export type {
  CategoricalColumn,
  ColumnKind,
  DateColumn,
  DateOrder,
  IgnoredColumn,
  LabelColumn,
  LearnedColumn,
  NumericColumn,
  TableColumn,
  TableColumnInfo,
  TableFormat,
} from './tableFormat.ts';
export type { TableRow, TableValue, UnknownPolicy } from './tableRow.ts';
