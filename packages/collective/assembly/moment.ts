/**
 * Optimizer moments decay geometrically; where gradients stay zero they would become denormals, on
 * which processors are many times slower. Below 1e-36 they are zero instead, on every machine alike.
 */
const SMALLEST: f32 = 1e-36;

export abstract class Moment {
  /** The lanes, zero where the magnitude is below 1e-36. NaN stays NaN. */
  @inline static flush(lanes: v128): v128 {
    const tiny = f32x4.lt(f32x4.abs(lanes), f32x4.splat(SMALLEST));
    return v128.andnot(lanes, tiny);
  }
}
