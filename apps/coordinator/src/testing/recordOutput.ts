import type { Output } from '../output.ts';

export interface RecordedOutput extends Output {
  /** All that was written. */
  readonly text: string;
}

export function recordOutput(
  terminal: { readonly isTTY?: boolean; readonly columns?: number } = {},
): RecordedOutput {
  const written: string[] = [];
  return {
    ...terminal,
    write: (text) => written.push(text),
    get text() {
      return written.join('');
    },
  };
}
