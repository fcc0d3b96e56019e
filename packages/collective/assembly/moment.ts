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
    return v128.andnot(lanes, f32x4.lt(magnitudes, f32x4.splat(SMALLEST)));
  }
}
