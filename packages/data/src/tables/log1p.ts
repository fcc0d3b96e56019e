/**
 * log(1 + v) for v >= 0 from additions, multiplications and divisions alone, so that every version of
 * Node gives the same bits (Math.log1p is free to differ, and what it yields reaches the weights).
 * Within 2 units in the last place. After FreeBSD's e_log.c in its method: 1 + v = 2^k m with m in
 * [sqrt(1/2), sqrt(2)), and log(m) = 2 atanh((m - 1) / (m + 1)) by its series.
 */
const bits = new DataView(new ArrayBuffer(8));
const ln2 = 0.6931471805599453;
const sqrt2 = 1.4142135623730951;

/** 2 / 1, 2 / 3, 2 / 5 ...: |s| <= 0.1716, so that the term after the last is below 2^-57. */
const coefficients = Array.from({ length: 11 }, (_, i) => 2 / (2 * i + 1)).reverse();

export function log1p(v: number): number {
  const u = 1 + v;
  if (!(u < Infinity)) return u;
  bits.setFloat64(0, u);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0x000f_ffff) | 0x3ff0_0000);
  let mantissa = bits.getFloat64(0);
  if (mantissa >= sqrt2) {
    mantissa /= 2;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (const coefficient of coefficients) series = series * square + coefficient;
  // What rounding 1 + v to u lost.
  const lost = (v - (u - 1)) / u;
  return exponent * ln2 + (s * series + lost);
}

/** sign(v) * log(1 + |v|): `log` columns take negative values too. */
export function symmetricLog(v: number): number {
  return v < 0 ? -log1p(-v) : log1p(v);
}

/** The inverse. It reaches output only, never weights. */
export function symmetricExp(s: number): number {
  return s < 0 ? -Math.expm1(-s) : Math.expm1(s);
}
