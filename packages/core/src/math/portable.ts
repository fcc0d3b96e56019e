/**
 * ln and cos in float64 from + - * / alone, in a fixed order: the same bits on every machine, unlike
 * `Math.log` and `Math.cos`. For what reaches weights outside tensors: learning-rate schedules,
 * constants of a loss. Accurate to a few units in the last place.
 */
const LN2 = 0.6931471805599453;
const SQRT2 = 1.4142135623730951;

/**
 * ln x for finite x > 0: x = m 2^e with m in [sqrt(1/2), sqrt(2)], then
 * ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| < 0.172, by its Taylor series.
 */
export function portableLog(x: number): number {
  if (!(x > 0 && x < Infinity)) {
    throw new RangeError(`portableLog: expected a finite number above 0, got ${String(x)}.`);
  }
  let m = x;
  let e = 0;
  for (; m > SQRT2; m /= 2) e += 1; // halving and doubling are exact
  for (; m < SQRT2 / 2; m *= 2) e -= 1;
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series = 0;
  for (let k = 21; k >= 1; k -= 2) series = series * z + 1 / k;
  return e * LN2 + 2 * s * series;
}

/** cos(pi t), by Taylor series after reduction to |angle| <= pi/4. Exact at halves of integers. */
export function portableCosPi(t: number): number {
  if (!Number.isFinite(t)) {
    throw new RangeError(`portableCosPi: expected a finite number, got ${String(t)}.`);
  }
  const quarter = Math.floor(2 * t + 0.5);
  const x = (t - quarter / 2) * 3.141592653589793; // |x| <= pi/4
  const z = x * x;
  const quadrant = ((quarter % 4) + 4) % 4;
  const odd = quadrant % 2 === 1;
  // Horner's scheme for cos x = 1 - z/2! + z^2/4! ... and sin x = x (1 - z/3! + z^2/5! ...)
  let series = 1;
  for (let k = odd ? 19 : 18; k >= 2; k -= 2) series = 1 - (series * z) / (k * (k - 1));
  const value = odd ? x * series : series;
  return quadrant === 1 || quadrant === 2 ? -value : value;
}
