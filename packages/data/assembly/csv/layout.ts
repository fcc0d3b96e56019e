/** What the columns are and where their values go. Set by JavaScript before rows are parsed. */

/** What a column's fields are read as. */
export const SKIP: u32 = 0;
export const NUMBER: u32 = 1;
export const TEXT: u32 = 2;
export const DATE: u32 = 3;

/** Between fields, and before decimals. */
export let delimiter: u32 = 0;
export let point: u32 = 0;
/** Columns of a row, and rows that a column in memory has room for. */
export let width: i32 = 0;
export let capacity: i32 = 0;
/** Where the columns' kinds lie, the most digits after the point of each, and the lines of the rows. */
let kinds: usize = 0;
let decimals: usize = 0;
export let lines: usize = 0;
/** Where the values lie: column after column of `capacity` float64. */
export let columns: usize = 0;

export function setLayout(width_: i32, capacity_: i32, delimiter_: u32, point_: u32): void {
  width = width_;
  capacity = capacity_;
  delimiter = delimiter_;
  point = point_;
}

export function place(kinds_: usize, decimals_: usize, lines_: usize, columns_: usize): void {
  kinds = kinds_;
  decimals = decimals_;
  lines = lines_;
  columns = columns_;
}

export function kindOf(c: i32): u32 {
  return load<u8>(kinds + c);
}

export function noteDecimals(c: i32, fraction: u32): void {
  if (fraction > load<u8>(decimals + c)) store<u8>(decimals + c, <u8>fraction);
}
