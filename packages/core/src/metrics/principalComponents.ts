/**
 * Principal component analysis: the directions in which rows vary most. The covariance is divided by
 * N - 1; each direction's sign makes its largest component positive (the first of equally large ones),
 * so the same rows give the same picture. Jolliffe: "Principal Component Analysis" (2nd ed.), chapter 1.
 *
 * Eigenvectors by Jacobi rotations: for rows of up to a few hundred numbers, as latents are.
 *
 * N rows, D numbers in each, K components.
 */
import { symmetricEigen } from '../math/symmetricEigen.ts';
import { fitGaussian } from './frechet.ts';
import { descending } from './rankedCounts.ts';
import { rowsOf, type Rows } from './rows.ts';

export interface PrincipalComponents {
  /** [D] */
  readonly mean: Float64Array;
  /** Unit vectors, that of the largest variance first. [K, D] */
  readonly components: Rows;
  /** Variance along each. [K] */
  readonly variances: Float64Array;
  /** Of the whole variance; 0 where nothing varies. [K] */
  readonly shares: Float64Array;
  /** [N, D] -> [N, K] */
  project(rows: Rows): Rows;
}

/** @param rows at least two */
export function principalComponents(rows: Rows, count: number): PrincipalComponents {
  const { dim } = rows;
  if (!(rows.count >= 2 && count >= 1 && count <= dim)) {
    throw new RangeError(
      `${String(count)} components of ${String(rows.count)} rows of ${String(dim)}.`,
    );
  }
  const { mean, covariance } = fitGaussian(rows);
  const { values, vectors } = symmetricEigen(covariance);
  const order = descending(values).subarray(0, count);
  const components = new Float64Array(count * dim);
  order.forEach((column, k) => {
    const vector = components.subarray(k * dim, (k + 1) * dim);
    for (let j = 0; j < dim; j++) vector[j] = vectors.data[j * dim + column] ?? 0;
    makeLargestPositive(vector);
  });
  const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
  const variances = Float64Array.from(order, (column) => Math.max(values[column] ?? 0, 0));
  return {
    mean,
    components: rowsOf(components, dim),
    variances,
    shares: variances.map((variance) => (total > 0 ? variance / total : 0)),
    project: (queries) => project(queries, mean, components),
  };
}

function makeLargestPositive(vector: Float64Array): void {
  let largest = 0;
  for (const value of vector) if (value * value > largest * largest) largest = value;
  if (largest < 0) for (let j = 0; j < vector.length; j++) vector[j] = -(vector[j] ?? 0);
}

function project({ data, count, dim }: Rows, mean: Float64Array, components: Float64Array): Rows {
  const width = components.length / dim;
  const projected = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) {
      let sum = 0;
      for (let j = 0; j < dim; j++) {
        sum += ((data[i * dim + j] ?? 0) - (mean[j] ?? 0)) * (components[k * dim + j] ?? 0);
      }
      projected[i * width + k] = sum;
    }
  }
  return rowsOf(projected, width);
}
