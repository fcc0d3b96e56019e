export { createTableCodec } from './codec.ts';
export { columnCodec } from './columnCodec.ts';
export type { EncodeOptions, TableCodec } from './codec.ts';
export { csvLine } from './csv/csvLine.ts';
export type { ColumnReport, TableDescription } from './describeColumns.ts';
export { openTable, schemaText } from './openTable.ts';
export type { OpenedTable } from './openTable.ts';
export type { SchemaColumn, TableSchema } from './schema.ts';
export { formatSchema, parseSchema, readSchema } from './schemaFile.ts';
export type { SampleRow } from './tableBlock.ts';
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
export type { OpenTableOptions } from './tableOptions.ts';
export type { TableRow, TableValue, UnknownPolicy } from './tableRow.ts';
export type { TableSource } from './tableSource.ts';
