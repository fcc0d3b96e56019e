import { createHash } from 'node:crypto';
import type { NamedTensor } from './namedTensor.ts';

/** SHA-256 over the parameters' bytes, in the order of the model's specs. */
export function weightsSha256(parameters: readonly NamedTensor[]): string {
  const hash = createHash('sha256');
  for (const { data } of parameters) {
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
