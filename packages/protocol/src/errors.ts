/** What every user-facing error says: where, what was expected, what came, how to mend it. */
export interface ErrorDetails {
  /** Stable, upper-case: `DATA_TRUNCATED`. */
  readonly code: string;
  /** File, flag, config key, tensor ... */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}
