/**
 * Paths between two points of latent space.
 *
 * Linear: the straight line. Of two draws from N(0, I) in many dimensions its middle lies closer to the
 * origin than draws ever do. Spherical: the direction turns along the great circle with even speed, and
 * the length goes linearly from the one to the other. White: "Sampling Generative Networks" (2016),
 * section 2.1; Shoemake: "Animating rotation with quaternion curves" (1985). For ends of one length it is
 * their formula; theirs goes astray where ends of different lengths point almost apart.
 *
 * Where the great circle is not one: an end at the origin, or both in one direction, and the path is the
 * line. Ends exactly opposite: it turns towards the axis along which the first end has the smallest part.
 */
import { portableAtan2 } from '../math/portableAtan2.ts';
import { portableCosPi } from '../math/portable.ts';

const PI = 3.141592653589793;

type Point = ArrayLike<number>;

/** (1 - t) a + t b. */
export function interpolateLinear(a: Point, b: Point, t: number): Float64Array {
  requireEqualLengths(a, b);
  return Float64Array.from(a, (value, j) => (1 - t) * value + t * (b[j] ?? 0));
}

/** The point at t in [0, 1] of the spherical path; a at 0, b at 1, but for rounding. */
export function interpolateSpherical(a: Point, b: Point, t: number): Float64Array {
  requireEqualLengths(a, b);
  const [lengthA, lengthB] = [lengthOf(a), lengthOf(b)];
  if (lengthA === 0 || lengthB === 0) return interpolateLinear(a, b, t);
  const from = Float64Array.from(a, (value) => value / lengthA);
  const to = Float64Array.from(b, (value) => value / lengthB);
  const cosine = dot(from, to);
  const aside = withoutPart(to, from, cosine);
  const sine = lengthOf(aside);
  // Less is rounding, and has no direction.
  const turns = sine > 1e-14;
  if (!turns && cosine > 0) return interpolateLinear(a, b, t);
  const normal = turns ? aside.map((value) => value / sine) : perpendicular(from);
  const angle = turns ? portableAtan2(sine, cosine) / PI : 1; // in half turns
  const along = portableCosPi(t * angle);
  const across = portableCosPi(t * angle - 0.5);
  const length = (1 - t) * lengthA + t * lengthB;
  return from.map((value, j) => length * (along * value + across * (normal[j] ?? 0)));
}

/** A unit vector at a right angle to a unit vector of two dimensions or more; in one, 0. */
function perpendicular(unit: Float64Array): Float64Array {
  let axis = 0;
  unit.forEach((value, j) => {
    const least = unit[axis] ?? 0;
    if (value * value < least * least) axis = j;
  });
  const along = new Float64Array(unit.length);
  along[axis] = 1;
  const aside = withoutPart(along, unit, unit[axis] ?? 0);
  const length = lengthOf(aside);
  return length > 0 ? aside.map((value) => value / length) : aside;
}

function withoutPart(vector: Float64Array, unit: Float64Array, part: number): Float64Array {
  return vector.map((value, j) => value - part * (unit[j] ?? 0));
}

function lengthOf(vector: Point): number {
  return Math.sqrt(dot(vector, vector));
}

function dot(a: Point, b: Point): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] ?? 0) * (b[j] ?? 0);
  return sum;
}

function requireEqualLengths(a: Point, b: Point): void {
  if (a.length === b.length) return;
  throw new RangeError(`Points of ${String(a.length)} and ${String(b.length)} dimensions.`);
}
