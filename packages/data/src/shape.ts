/** Number of elements of an array of this shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** `[28, 28, 1]`, as messages print it. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
