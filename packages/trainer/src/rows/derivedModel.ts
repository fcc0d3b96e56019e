/**
 * A model with further functions made of its own, each a row of numbers for each example:
 *
 *   quality         mse and ssim of its reconstruction
 *   features        what a feature network makes of the data, and
 *   sampleFeatures  of the model's samples; the network's parameters lie behind the model's
 *
 * Those that it lacks the functions for are left out. A worker of an engine that runs the model's own
 * code makes the same model again from a DerivedReference.
 *
 * B examples.
 */
import { reshape, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  modelTensors,
  type ExampleInfo,
  type Model,
  type ModelFunction,
  type NamedTensors,
} from '@lockstep/core';
import {
  featureNetwork,
  hasSsim,
  meanSquaredError,
  structuralSimilarity,
} from '@lockstep/core/metrics';
import { loadModel, type ModelReference } from '../config/modelReference.ts';

/** Plain data. */
export interface DerivedReference {
  readonly reference: ModelReference;
  readonly example: ExampleInfo;
  /** Whether a feature network's parameters follow. */
  readonly network: boolean;
}

export type DerivedModel = Pick<Model, 'name' | 'parameters' | 'state'> & {
  readonly functions: Readonly<Record<string, ModelFunction>>;
};

export async function loadDerivedModel(from: DerivedReference): Promise<DerivedModel> {
  return deriveModel(await loadModel(from.reference, from.example), from);
}

export function deriveModel(
  model: Model,
  { example, network }: Pick<DerivedReference, 'example' | 'network'>,
): DerivedModel {
  const { functions: own = {}, name } = model;
  const features = network ? featureNetwork(example) : undefined;
  const functions: Record<string, ModelFunction | undefined> = {
    ...own,
    quality: quality(own, example),
    features: features?.functions.features,
    sampleFeatures: features && sampleFeatures(own, features.functions.features),
  };
  return {
    name,
    parameters: [...modelTensors(model), ...(features?.parameters ?? [])],
    functions: Object.fromEntries(
      Object.entries(functions).filter((entry): entry is [string, ModelFunction] => !!entry[1]),
    ),
  };
}

function quality(
  { reconstruct }: NonNullable<Model['functions']>,
  { shape }: ExampleInfo,
): ModelFunction | undefined {
  if (!reconstruct) return undefined;
  const ssim = hasSsim(shape);
  return {
    inputs: { ...reconstruct.inputs, x: reconstruct.inputs['x'] ?? shape },
    noise: reconstruct.noise,
    outputs: { mse: [], ...(ssim && { ssim: [] }) },
    apply: (params, inputs, noise) =>
      tidy(() => {
        const made = reconstruct.apply(params, inputs, noise);
        const image = (from: NamedTensors): Tensor =>
          reshape((from as Record<'x', Tensor>).x, [-1, ...shape]);
        const [x, y] = [image(inputs), image(made)];
        const alike: Record<string, Tensor> = { mse: meanSquaredError(x, y) }; // [B]
        if (ssim) alike['ssim'] = structuralSimilarity(x, y); // [B]
        return alike;
      }),
  };
}

function sampleFeatures(
  { sample }: NonNullable<Model['functions']>,
  features: ModelFunction,
): ModelFunction | undefined {
  if (!sample?.outputs['x']) return undefined;
  const shape = features.inputs['x'] ?? [];
  return {
    inputs: sample.inputs,
    noise: sample.noise,
    outputs: features.outputs,
    apply: (params, inputs, noise) =>
      tidy(() => {
        const { x } = sample.apply(params, inputs, noise) as Record<'x', Tensor>;
        return features.apply(params, { x: reshape(x, [-1, ...shape]) }, {});
      }),
  };
}
