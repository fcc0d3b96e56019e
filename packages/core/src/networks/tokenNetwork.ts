/**
 * What says which token comes next, from those before it and from a condition at each step. All steps at
 * once where the tokens are known (teacher forcing), one by one where they are being made.
 *
 * Shapes: B examples, T steps, V tokens, C values of the condition.
 */
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { NamedTensors, ParameterSpec } from '../model.ts';

/** Of data of text: it ends an example, and fills up what is behind. */
export const END_TOKEN = 0;

export interface TokenNetwork {
  readonly steps: number; // T
  readonly tokens: number; // V
  readonly conditionDim: number; // C
  readonly parameters: readonly ParameterSpec[];
  /**
   * Logits of the token at each step, [B, T, V]. previous: the token before each, [B, T]; condition:
   * [B, T, C]; seen: [B, T], 0 where the token before is hidden, else 1. Default: all are seen.
   */
  logits(params: NamedTensors, previous: Tensor, condition: Tensor, seen?: Tensor): Tensor3D;
  /**
   * Logits of the token at the next step, each time it is called, [B, V]. previous: [B, V], one-hot; none
   * at the first step, which is as if the end token were before it. Runs inside the caller's `tidy`.
   */
  stepper(params: NamedTensors, condition: Tensor): (previous?: Tensor2D) => Tensor2D;
}
