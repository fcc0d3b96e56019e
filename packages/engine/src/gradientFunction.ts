/**
 * A model as the engine sees it, and the two tensor functions a job runs: loss with gradients, and
 * loss alone. Structural, so that any model of the contract fits and the engine knows no VAE.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';

type Shapes = Readonly<Record<string, readonly number[]>>;
type NamedTensors = Readonly<Record<string, Tensor>>;

export interface DifferentiableModel {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly inputs: Shapes;
  readonly noise: Readonly<Record<string, { readonly shape: readonly number[] }>>;
  readonly metrics: readonly string[];
  loss(
    params: NamedTensors,
    batch: NamedTensors,
    noise: NamedTensors,
  ): { readonly loss: Tensor1D; readonly metrics: Readonly<Record<string, Tensor1D>> };
}
