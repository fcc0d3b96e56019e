/**
 * The value below which a share of the values lies, linear between the two nearest: definition 7 of
 * Hyndman, Fan: "Sample quantiles in statistical packages" (1996), NumPy's default.
 *
 * @param sorted ascending, at least one
 * @param share 0 ... 1
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low === high ? low : low + (at - below) * (high - low);
}
