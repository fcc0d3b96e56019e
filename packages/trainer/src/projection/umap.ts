/**
 * UMAP, by umap-js: rows laid out in the plane so that neighbours stay neighbours. McInnes, Healy,
 * Melville: "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction" (2018).
 * Distances between groups mean little in it, and axes nothing.
 *
 * Its random numbers are counter-based, so the same rows and seed give the same plane; but for the last
 * bits, which `Math.exp` of another version of Node may change. Slow: some 3 ms of one core for each row,
 * and all in this thread. So callers take a part of many rows.
 */
import { philox4x32, purposeCode, seedKey, type PhiloxBlock } from '@lockstep/core';
import { rowsOf, type Rows } from '@lockstep/core/metrics';

/** Of each row; the library's and the paper's default. */
const NEIGHBOURS = 15;
/** Fewer have no neighbourhoods to keep. */
export const FEWEST_UMAP_ROWS = 4;
/** Apart from those of the metrics. */
const STREAM = 41;

/** @returns [N, 2]; loads the library at the first call */
export async function umap({ data, count, dim }: Rows, seed: number): Promise<Rows> {
  if (count < FEWEST_UMAP_ROWS) throw new RangeError(`UMAP of ${count} rows.`);
  const { UMAP } = await import('umap-js');
  const rows = Array.from({ length: count }, (_, i) =>
    Array.from(data.subarray(i * dim, (i + 1) * dim)),
  );
  const layout = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(NEIGHBOURS, count - 1),
    random: uniformSequence(seed),
  });
  return rowsOf(Float64Array.from(layout.fit(rows).flat()), 2);
}

/** One number in [0, 1) after another. */
function uniformSequence(seed: number): () => number {
  const key = seedKey(seed);
  const counter: PhiloxBlock = [0, 0, 0, purposeCode('sampling', STREAM)];
  const words: PhiloxBlock = [0, 0, 0, 0];
  let drawn = 0;
  return () => {
    const lane = drawn % 4;
    if (lane === 0) {
      counter[0] = drawn / 4;
      philox4x32(counter, key, words);
    }
    drawn += 1;
    return (words[lane] ?? 0) / 4294967296;
  };
}
