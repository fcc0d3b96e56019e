/** What values of x a likelihood is of, for a check of the data: low, low + step, ... high. */
export interface Support {
  /** Default: no bound. */
  readonly low?: number;
  /** Default: no bound. */
  readonly high?: number;
  /** Default: any value between. */
  readonly step?: number;
  /** Whether a missing value (NaN) is taken for what it is: not known. */
  readonly missing?: boolean;
}
