/** Encoder and decoder of a VAE outside of its loss, with the label that a conditional one takes. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import type { Encoded } from '../posteriors/posterior.ts';
import { joinLabel, joinLatent } from './condition.ts';
import type { VaeParts } from './options.ts';

export function encoded(
  { encoder, condition }: VaeParts,
  params: NamedTensors,
  x: Tensor,
  label?: Tensor,
): Encoded {
  return encoder.apply(
    params,
    condition ? joinLabel(x, given(label), encoder.inputShape, condition.classes) : x,
  );
}

/** z [B, L] -> [B, ...decoderShape]. The caller tidies. */
export function decoderOutput(
  { decoder, condition }: VaeParts,
  params: NamedTensors,
  z: Tensor,
  label?: Tensor,
): Tensor {
  return decoder.apply(params, condition ? joinLatent(z, given(label), condition.classes) : z);
}

const given = (label: Tensor | undefined): Tensor =>
  requireTensor('input', label ? { label } : {}, 'label');

/** Where the model reads labels; an engine refuses to give what it does not declare. */
export const labelOf = ({ condition }: VaeParts, inputs: NamedTensors): Tensor | undefined =>
  condition && requireTensor('input', inputs, 'label');
