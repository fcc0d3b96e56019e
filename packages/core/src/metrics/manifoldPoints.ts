/**
 * The points of a 2-D latent space whose decodings, side by side, are a picture of it: equal shares of
 * the prior N(0, I) lie between neighbours, so coordinates are quantiles of the normal distribution.
 * Kingma, Welling (2014), figure 4.
 */
import { normalQuantile } from '../math/normalQuantile.ts';

/**
 * Row after row of the picture: z_0 grows from left to right, z_1 from the bottom up.
 * @returns [rows * columns, 2]
 */
export function manifoldPoints(rows: number, columns = rows): Float32Array<ArrayBuffer> {
  const points = new Float32Array(rows * columns * 2);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = 2 * (row * columns + column);
      points[at] = normalQuantile((column + 0.5) / columns);
      points[at + 1] = normalQuantile((rows - row - 0.5) / rows);
    }
  }
  return points;
}
