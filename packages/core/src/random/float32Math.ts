/**
 * ln, sin and cos in float32 that give the same bits on every machine: only + - * on float32 with
 * every operation rounded (Math.fround), in one fixed order, plus integer operations on the bits.
 * `Math.log` and its like differ between JavaScript engines and versions; these do not.
 *
 * The polynomials are those of the Cephes library (S. L. Moshier): logf.c, sinf.c, cosf.c.
 * Anything that ports these functions must keep the operation order, and must not fuse a
 * multiplication with an addition. Constants are the float32 nearest to the decimals given.
 */
const f = Math.fround;

const SQRT_HALF = f(0.7071067811865476);
const LOG_0 = f(7.0376836292e-2);
const LOG_1 = f(-1.151461031e-1);
const LOG_2 = f(1.167699874e-1);
const LOG_3 = f(-1.2420140846e-1);
const LOG_4 = f(1.4249322787e-1);
const LOG_5 = f(-1.6668057665e-1);
const LOG_6 = f(2.0000714765e-1);
const LOG_7 = f(-2.4999993993e-1);
const LOG_8 = f(3.3333331174e-1);
/** ln 2 = LN2_HIGH + LN2_LOW; LN2_HIGH has so few bits that its product with an exponent is exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = f(-2.1219444e-4);

const HALF_PI = f(1.5707963267948966);
const SIN_0 = f(-1.9515295891e-4);
const SIN_1 = f(8.3321608736e-3);
const SIN_2 = f(-1.6666654611e-1);
const COS_0 = f(2.443315711809948e-5);
const COS_1 = f(-1.388731625493765e-3);
const COS_2 = f(4.166664568298827e-2);

const floatView = new Float32Array(1);
const bitView = new Int32Array(floatView.buffer);

/**
 * ln u for a positive, normal, finite float32.
 *
 * Order, `<-` meaning one rounded operation each:
 *   e <- (bits >>> 23) - 126;  m <- (bits & 0x7fffff) | 0x3f000000, as a float in [0.5, 1)
 *   if m < SQRT_HALF: e <- e - 1; x <- m + m; x <- x - 1   else: x <- m - 1
 *   z <- x * x
 *   y <- LOG_0;  for k = 1..8: y <- y * x; y <- y + LOG_k
 *   y <- y * x;  y <- y * z
 *   y <- y + (LN2_LOW * e);  y <- y - (0.5 * z)
 *   r <- x + y;  r <- r + (LN2_HIGH * e)
 */
export function logFloat32(u: number): number {
  floatView[0] = u;
  const bits = bitView[0] ?? 0;
  let e = (bits >>> 23) - 126;
  bitView[0] = (bits & 0x7fffff) | 0x3f000000;
  let x = floatView[0] ?? 0;
  if (x < SQRT_HALF) {
    e -= 1;
    x = f(f(x + x) - 1);
  } else {
    x = f(x - 1);
  }
  const z = f(x * x);
  let y = f(f(LOG_0 * x) + LOG_1);
  y = f(f(y * x) + LOG_2);
  y = f(f(y * x) + LOG_3);
  y = f(f(y * x) + LOG_4);
  y = f(f(y * x) + LOG_5);
  y = f(f(y * x) + LOG_6);
  y = f(f(y * x) + LOG_7);
  y = f(f(y * x) + LOG_8);
  y = f(f(y * x) * z);
  y = f(y + f(LN2_LOW * e));
  y = f(y - f(0.5 * z));
  return f(f(x + y) + f(LN2_HIGH * e));
}

/** sin x for |x| <= pi/4. y <- SIN_0; y <- y*z; y <- y+SIN_1; y <- y*z; y <- y+SIN_2; y*z; *x; +x. */
function sinQuadrant(x: number, z: number): number {
  const y = f(f(f(f(SIN_0 * z) + SIN_1) * z) + SIN_2);
  return f(f(f(y * z) * x) + x);
}

/** cos x for |x| <= pi/4. y <- COS_0; *z; +COS_1; *z; +COS_2; *z; *z; - (0.5*z); + 1. */
function cosQuadrant(z: number): number {
  const y = f(f(f(f(COS_0 * z) + COS_1) * z) + COS_2);
  return f(f(f(f(y * z) * z) - f(0.5 * z)) + 1);
}

/**
 * Writes cos(2 pi u) to out[at] and sin(2 pi u) to out[at + 1], for a float32 u in [0, 1].
 *
 * Order: t <- 4 * u (exact);  q <- floor(t + 0.5);  d <- t - q (exact, |d| <= 0.5)
 *        x <- d * HALF_PI;  z <- x * x;  s <- sinQuadrant;  c <- cosQuadrant
 *        q mod 4 = 0: (c, s)   1: (-s, c)   2: (-c, -s)   3: (s, -c)
 */
export function cosSinTurns(u: number, out: Float32Array, at: number): void {
  const t = f(4 * u);
  const q = Math.floor(f(t + 0.5));
  const x = f(f(t - q) * HALF_PI);
  const z = f(x * x);
  const s = sinQuadrant(x, z);
  const c = cosQuadrant(z);
  const swap = (q & 1) === 1;
  const cosine = swap ? s : c;
  const sine = swap ? c : s;
  out[at] = ((q + 1) & 2) === 2 ? -cosine : cosine;
  out[at + 1] = (q & 2) === 2 ? -sine : sine;
}
