import type { Output } from '../output.ts';

/** One JSON line. NaN and infinities, which JSON lacks, become null. */
export function writeJson(output: Output, value: object): void {
  output.write(`${JSON.stringify(value)}\n`);
}
