/** A shape as messages print it: `[128,784]`, `[]`. */
export const shapeText = (shape: readonly number[]): string => `[${shape.join()}]`;
