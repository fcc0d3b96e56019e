/** Shapes as plain arrays of sizes; [] is a scalar. */
export type Shape = readonly number[];

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((n, dim) => n === b[dim]);
