/**
 * ln, sin and cos in float32, four lanes at a time: the same operations in the same order as core's
 * `random/float32Math.ts`, so the same bits. Polynomials of the Cephes library (S. L. Moshier).
 */

/** ln u for positive, normal, finite u. */
export function log(u: v128): v128 {
  const exponent = i32x4.sub(i32x4.shr_u(u, 23), i32x4.splat(126));
  const m = v128.or(v128.and(u, i32x4.splat(0x7fffff)), i32x4.splat(0x3f000000)); // [0.5, 1)
  const small = f32x4.lt(m, f32x4.splat(0.70710678118654752));
  const e = f32x4.convert_i32x4_s(i32x4.add(exponent, small)); // a true lane is -1
  // m + m where small, else m: adding +0 changes nothing.
  const x = f32x4.sub(f32x4.add(m, v128.and(m, small)), f32x4.splat(1));
  const z = f32x4.mul(x, x);
  let y = f32x4.add(f32x4.mul(f32x4.splat(7.0376836292e-2), x), f32x4.splat(-1.151461031e-1));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.167699874e-1));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(-1.2420140846e-1));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.4249322787e-1));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(-1.6668057665e-1));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(2.0000714765e-1));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(-2.4999993993e-1));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(3.3333331174e-1));
  y = f32x4.mul(f32x4.mul(y, x), z);
  y = f32x4.add(y, f32x4.mul(f32x4.splat(-2.1219444e-4), e));
  y = f32x4.sub(y, f32x4.mul(f32x4.splat(0.5), z));
  return f32x4.add(f32x4.add(x, y), f32x4.mul(f32x4.splat(0.693359375), e));
}

/** sin x for |x| <= pi/4; z = x * x. */
export function sinQuadrant(x: v128, z: v128): v128 {
  let y = f32x4.mul(f32x4.splat(-1.9515295891e-4), z);
  y = f32x4.mul(f32x4.add(y, f32x4.splat(8.3321608736e-3)), z);
  y = f32x4.add(y, f32x4.splat(-1.6666654611e-1));
  return f32x4.add(f32x4.mul(f32x4.mul(y, z), x), x);
}

/** cos x for |x| <= pi/4; z = x * x. */
export function cosQuadrant(z: v128): v128 {
  let y = f32x4.mul(f32x4.splat(2.443315711809948e-5), z);
  y = f32x4.mul(f32x4.add(y, f32x4.splat(-1.388731625493765e-3)), z);
  y = f32x4.add(y, f32x4.splat(4.166664568298827e-2));
  y = f32x4.sub(f32x4.mul(f32x4.mul(y, z), z), f32x4.mul(f32x4.splat(0.5), z));
  return f32x4.add(y, f32x4.splat(1));
}
