/** How far a set-up is. */
export interface SetupProgress {
  readonly stage: 'download' | 'check' | 'unpack' | 'compile';
  /** Bytes; both are 0 where nobody knows. */
  readonly done: number;
  readonly total: number;
}
