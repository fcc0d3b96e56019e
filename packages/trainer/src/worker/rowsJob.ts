/**
 * What a worker is given to run a model function over many examples and keep its outputs: a row for
 * each example, at the example's own place, so that who computed it, and when, changes nothing.
 */
import type { Dataset, NoiseKind } from '@lockstep/data';
import type { CompiledFunction } from '@lockstep/engine';
import type { DerivedReference } from '../rows/derivedModel.ts';
import type { RowsPlan } from '../rows/rowsPlan.ts';
import type { SharedParameters } from '../rows/sharedParameters.ts';
import type { ModelInputs } from './job.ts';

export interface RowsJob extends ModelInputs {
  readonly worker: number;
  readonly plan: RowsPlan;
  /** Of `createRowsQueue`: what there is to do. */
  readonly queue: SharedArrayBuffer;
  readonly seed: number;
  readonly noiseKind: NoiseKind;
  readonly data: Dataset;
  /** The model's, and those of the feature network where the function has one. */
  readonly parameters: readonly SharedParameters[];
  readonly compiled: CompiledFunction;
  /** For engines that run the model's own code: where the function comes from. */
  readonly source: { readonly model: DerivedReference; readonly name: string };
  /** By the name of the function's output: float32 [rows that are kept, ...]. */
  readonly outputs: Readonly<Record<string, SharedArrayBuffer>>;
}
