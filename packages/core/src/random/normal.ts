/**
 * Random words to uniform and normal float32 values, bit for bit the same everywhere. This is the
 * reference; a faster kernel elsewhere must do exactly these operations, each rounded to float32.
 *
 *   uniform(w) = ((w >>> 9) + 0.5) * 2^-23          all exact; 2^-24 <= uniform <= 1 - 2^-24
 *
 *   normal: Box-Muller on the pairs (w0, w1) and (w2, w3) of one Philox block:
 *     u0 <- uniform(w0);  u1 <- uniform(w1)
 *     l  <- ln u0                                   logFloat32, order in float32Math.ts
 *     r  <- sqrt(-2 * l)                            -2 * l is exact; sqrt correctly rounded
 *     (c, s) <- (cos, sin)(2 pi u1)                 cosSinTurns, order in float32Math.ts
 *     z0 <- r * c;  z1 <- r * s
 *
 * |z| <= sqrt(-2 ln 2^-24) = 5.77. Box, Muller: "A Note on the Generation of Random Normal Deviates"
 * (1958).
 */
import { cosSinTurns, logFloat32 } from './float32Math.ts';

/** A u32 to a float32 in (0, 1). */
export function uniformFromWord(word: number): number {
  return ((word >>> 9) + 0.5) * (1 / 8388608);
}

/** Two u32 to two independent N(0, 1), at out[at] and out[at + 1]. */
export function normalPairFromWords(
  word0: number,
  word1: number,
  out: Float32Array,
  at: number,
): void {
  const logarithm = logFloat32(uniformFromWord(word0));
  const radius = Math.fround(Math.sqrt(-2 * logarithm));
  cosSinTurns(uniformFromWord(word1), out, at);
  out[at] = radius * (out[at] ?? 0); // the float32 array rounds the product
  out[at + 1] = radius * (out[at + 1] ?? 0);
}
