/** `read` of sources whose examples can only be had one after another. */
import type { ExampleSource } from './exampleSource.ts';

/** @param size bytes of one example */
export async function readByScan(
  { scan }: Required<Pick<ExampleSource, 'scan'>>,
  size: number,
  target: Uint8Array,
  positions: Uint32Array | undefined,
): Promise<void> {
  if (!positions) return scan((rows, first) => target.set(rows, first * size));
  let slot = 0;
  await scan((rows, first) => {
    const end = first + rows.length / size;
    for (let at = positions[slot]; at !== undefined && at < end; at = positions[++slot]) {
      const from = (at - first) * size;
      target.set(rows.subarray(from, from + size), slot * size);
    }
  });
}
