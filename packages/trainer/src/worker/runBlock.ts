/**
 * A worker's part in what is quadratic in the number of examples: the rows of one range, against all.
 * A block's result does not depend on the others.
 */
import type { GaussianRows, RowRange, Rows } from '@lockstep/core/metrics';
import { serializeError, type SerializedError } from '@lockstep/protocol';

/** Arrays lie in shared memory. */
export type BlockWork =
  | { readonly kind: 'logAggregatePosterior'; readonly z: Rows; readonly posteriors: GaussianRows }
  | { readonly kind: 'manifoldRadii'; readonly points: Rows }
  | {
      readonly kind: 'onManifold';
      readonly queries: Rows;
      readonly points: Rows;
      readonly radii: Float64Array;
    }
  | {
      readonly kind: 'nearestNeighbourClasses';
      readonly queries: Rows;
      readonly points: { readonly rows: Rows; readonly labels: Int32Array };
      /** How many neighbours vote; the library's default. */
      readonly k?: number;
    };

export interface Block {
  readonly work: BlockWork;
  readonly range: RowRange;
}

export type BlockResult =
  | { readonly ok: true; readonly values: Float64Array }
  | { readonly ok: false; readonly error: SerializedError };

export async function runBlock({ work, range }: Block): Promise<BlockResult> {
  try {
    return { ok: true, values: await valuesOf(work, range) };
  } catch (error) {
    return { ok: false, error: serializeError(error) };
  }
}

async function valuesOf(work: BlockWork, range: RowRange): Promise<Float64Array> {
  // A thread that trains never loads it.
  const metrics = await import('@lockstep/core/metrics');
  switch (work.kind) {
    case 'logAggregatePosterior':
      return metrics.logAggregatePosterior(work.z, work.posteriors, range);
    case 'manifoldRadii':
      return metrics.manifoldRadii(work.points, range);
    case 'onManifold':
      return metrics.onManifold(work.queries, work.points, work.radii, range);
    case 'nearestNeighbourClasses':
      return metrics.nearestNeighbourClasses(work.queries, work.points, range, work.k);
  }
}
