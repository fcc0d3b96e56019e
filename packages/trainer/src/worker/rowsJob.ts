/**
 * What a worker is given to run a model function over many examples and keep its outputs: a row for
 * each example, at the example's own place, so that who computed it, and when, changes nothing.
 */
import type { WorkerLink } from '@lockstep/collective';
import type { Dataset, NoiseKind } from '@lockstep/data';
import type { CompiledFunction } from '@lockstep/engine';
import type { DerivedReference } from '../rows/derivedModel.ts';
import type { BatchCut, ModelInputs } from './job.ts';

export interface RowsJob extends ModelInputs {
  readonly worker: number;
  readonly link: WorkerLink;
  readonly cut: BatchCut;
  readonly seed: number;
  readonly noiseKind: NoiseKind;
  readonly data: Dataset;
  /** The first so many of the data. */
  readonly examples: number;
  /** So many rows of outputs are kept: row i lies at i modulo this. */
  readonly pieceRows: number;
  readonly compiled: CompiledFunction;
  /** For engines that run the model's own code: where the function comes from. */
  readonly source: { readonly model: DerivedReference; readonly name: string };
  /** By the name of the function's output: float32 [examples, ...]. */
  readonly outputs: Readonly<Record<string, SharedArrayBuffer>>;
}
