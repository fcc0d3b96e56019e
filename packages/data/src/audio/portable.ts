/**
 * ln, e^x and cos in float64 from + - * / alone, in a fixed order: the same bits on every machine, unlike
 * `Math.log` and its like. Spectrograms reach training, so nothing else may make them. The same series
 * as core's `math/portable.ts` and `math/portableExp.ts`, which this package may not import.
 */
const LN2 = 0.6931471805599453;
const SQRT2 = 1.4142135623730951;
const LN2_HIGH = 0.69314718036912381649;
const LN2_LOW = 1.90821492927058770002e-10;
const LOG2E = 1.4426950408889634;

/** 10 / ln 10: decibels of a power are this times its natural logarithm. */
export const DECIBELS = 4.342944819032518;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Which word of a float64 has the sign and the exponent. */
const high = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** For finite, normal x > 0: x = m 2^e, m in [sqrt(1/2), sqrt(2)], ln m = 2 atanh((m - 1) / (m + 1)). */
export function portableLog(x: number): number {
  float[0] = x;
  const bits = words[high] ?? 0;
  let e = (bits >>> 20) - 1023;
  words[high] = (bits & 0xfffff) | 0x3ff00000;
  let m = float[0];
  if (m > SQRT2) {
    m /= 2;
    e += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series = 0;
  for (let k = 21; k >= 1; k -= 2) series = series * z + 1 / k;
  return e * LN2 + 2 * s * series;
}

/** e^x for |x| < 700, by its Taylor series after x = k ln 2 + r. */
export function portableExp(x: number): number {
  const k = Math.floor(x * LOG2E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let series = 1;
  for (let n = 13; n >= 1; n--) series = 1 + (r / n) * series;
  // 2^k, from its bits.
  words[1 - high] = 0;
  words[high] = (k + 1023) << 20;
  return series * (float[0] ?? 0);
}

/** cos(pi t), by Taylor series after reduction to |angle| <= pi/4. Exact at halves of integers. */
export function portableCosPi(t: number): number {
  const quarter = Math.floor(2 * t + 0.5);
  const x = (t - quarter / 2) * 3.141592653589793;
  const z = x * x;
  const quadrant = ((quarter % 4) + 4) % 4;
  const odd = quadrant % 2 === 1;
  let series = 1;
  for (let k = odd ? 19 : 18; k >= 2; k -= 2) series = 1 - (series * z) / (k * (k - 1));
  const value = odd ? x * series : series;
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

/** sin(pi t) */
export function portableSinPi(t: number): number {
  return portableCosPi(t - 0.5);
}
