/**
 * The angle of the point (x, y) from + - * / and square roots alone, in a fixed order: the same bits on
 * every machine, unlike `Math.atan2`. Accurate to a few units in the last place.
 */
const PI = 3.141592653589793;

/** In [0, pi], for y >= 0 and not both 0: what angles between vectors need. */
export function portableAtan2(y: number, x: number): number {
  if (!(y >= 0) || (y === 0 && x === 0)) {
    throw new RangeError(`portableAtan2: no angle of (${String(x)}, ${String(y)}).`);
  }
  if (x < 0) return PI - portableAtan2(y, -x);
  if (y > x) return PI / 2 - arcTangent(x / y);
  return arcTangent(y / x);
}

/** t in [0, 1]: halved twice, atan t = 2 atan(t / (1 + sqrt(1 + t^2))), then its Taylor series. */
function arcTangent(t: number): number {
  let x = t;
  for (let halving = 0; halving < 2; halving++) x = x / (1 + Math.sqrt(1 + x * x)); // <= 0.2
  const z = x * x;
  let series = 0;
  for (let k = 23; k >= 1; k -= 2) series = 1 / k - z * series;
  return 4 * x * series;
}
