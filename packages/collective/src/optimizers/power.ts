/**
 * base^exponent for a non-negative integer exponent, by repeated squaring. Multiplication only: the
 * result is the same everywhere, which Math.pow does not promise.
 */
export function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
