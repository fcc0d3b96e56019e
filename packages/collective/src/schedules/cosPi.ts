/**
 * cos(pi x) for x in [0, 1], to double precision. Only + - * /: unlike Math.cos it gives the same
 * bits in every JavaScript engine. Exact at 0, 1/2 and 1.
 */
export function cosPi(x: number): number {
  if (x > 0.5) return -cosPi(1 - x);
  return x <= 0.25 ? cosine(Math.PI * x) : sine(Math.PI * (0.5 - x));
}

/** Taylor's series on [0, pi/4]; the first term left out is below 1e-17. */
function cosine(angle: number): number {
  return series(angle * angle, 0);
}

function sine(angle: number): number {
  return angle * series(angle * angle, 1);
}

/** 1 - s / ((k+1)(k+2)) * (1 - s / ((k+3)(k+4)) * (1 - ...)) */
function series(square: number, k: number): number {
  let sum = 1;
  for (let n = k + 15; n > k; n -= 2) sum = 1 - (square / (n * (n + 1))) * sum;
  return sum;
}
