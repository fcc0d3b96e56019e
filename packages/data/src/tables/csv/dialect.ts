/** How a CSV file is written. */
export interface Dialect {
  /** One ASCII byte. */
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  readonly missing: ReadonlySet<string>;
}
