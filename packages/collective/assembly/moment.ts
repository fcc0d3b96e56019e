/**
 * Optimizer moments decay geometrically; where gradients stay zero they would become denormals, on
 * which processors are many times slower. Below 1e-36 they are zero instead, on every machine alike.
 */
const SMALLEST: f32 = 1e-36;

export abstract class Moment {
  /** The lanes, zero where the magnitude is below 1e-36. NaN stays NaN. */
  @inline static flush(lanes: v128): v128 {
    // Cheaper than f32x4.abs, for which V8 builds this mask each time.
    const magnitudes = v128.and(lanes, i32x4.splat(0x7fffffff));
    // Magnitudes are ordered as their bits are, and comparing integers keeps the float units free.
    const smallest = i32x4.splat(reinterpret<i32>(SMALLEST));
    return v128.andnot(lanes, i32x4.lt_s(magnitudes, smallest));
  }
}
