/** Latents of any number of dimensions as points of the plane, for pictures. */
import { firstRows, principalComponents, rowsOf, type Rows } from '@lockstep/core/metrics';
import { RunError } from '../errors.ts';
import { percent } from '../plot/style.ts';
import { FEWEST_UMAP_ROWS, umap } from './umap.ts';

export const PROJECTIONS = ['pca', 'umap'] as const;
export type Projection = (typeof PROJECTIONS)[number];

export interface Plane {
  /** [N, 2], N as many rows as are drawn. */
  readonly points: Rows;
  readonly xTitle: string;
  readonly yTitle: string;
  /** What was done, for the picture and who asks: `first 2 principal components of 20 dimensions`. */
  readonly note: string;
}

/** More points cover each other, and a picture of them takes long. */
const MOST_POINTS = 10_000;
const MOST_UMAP_POINTS = 5_000;

/**
 * Two dimensions are taken as they are; of more, two are made. One stands on the abscissa.
 * @throws RunError where there are too few rows
 */
export async function projectToPlane(
  latents: Rows,
  { method, seed }: { readonly method: Projection; readonly seed: number },
): Promise<Plane> {
  const { dim } = latents;
  if (dim <= 2) {
    const rows = firstRows(latents, MOST_POINTS);
    const points = dim === 2 ? rows : onAxis(rows);
    return { points, xTitle: 'z0', yTitle: dim === 2 ? 'z1' : '', note: dimensions(dim) };
  }
  const fewest = method === 'pca' ? 2 : FEWEST_UMAP_ROWS;
  if (latents.count < fewest) throw tooFew(method, latents.count, fewest);
  if (method === 'umap') {
    const rows = firstRows(latents, MOST_UMAP_POINTS);
    return {
      points: await umap(rows, seed),
      xTitle: 'UMAP 1',
      yTitle: 'UMAP 2',
      note: `UMAP of ${dimensions(dim)}`,
    };
  }
  const fitted = principalComponents(latents, 2);
  const [first, second] = Array.from(
    fitted.shares,
    (share, i) => `principal component ${i + 1} (${percent(share)} of the variance)`,
  );
  return {
    points: fitted.project(firstRows(latents, MOST_POINTS)),
    xTitle: first ?? '',
    yTitle: second ?? '',
    note: `first 2 principal components of ${dimensions(dim)}`,
  };
}

function dimensions(dim: number): string {
  return dim === 1 ? '1 latent dimension' : `${dim} latent dimensions`;
}

function onAxis({ data, count }: Rows): Rows {
  const points = new Float64Array(2 * count);
  data.forEach((value: number, i: number) => (points[2 * i] = value));
  return rowsOf(points, 2);
}

function tooFew(method: Projection, count: number, fewest: number): RunError {
  return new RunError({
    code: 'RUN_TOO_FEW_EXAMPLES',
    where: `projection ${method}`,
    expected: `${fewest} examples or more`,
    got: String(count),
    fix: 'Leave the picture out, or embed more examples.',
  });
}
