/** What commands write to: process.stdout and process.stderr, or a test's own. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Width in characters, where it is a terminal. */
  readonly columns?: number;
}

export interface Outputs {
  readonly stdout: Output;
  readonly stderr: Output;
}
