/**
 * The feature network of the Frechet distance and of precision and recall: a small classifier that is
 * trained here, on the data's own labels. Its features are the 64 values before the last layer.
 *
 *   images     conv 3x3, 32, stride 2 - relu - conv 3x3, 64, stride 2 - relu - dense 64 - relu - dense C
 *   otherwise  dense 256 - relu - dense 64 - relu - dense C; a table's rows as encoders take them
 *
 * It is not the Inception network of the literature, which was trained on photographs: distances
 * measured with it compare models of one data set, and nothing else.
 *
 * B examples, C classes.
 */
import { argMax, cast, equal, logSoftmax, mul, neg, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { columnInputs } from '../columns/columnInputs.ts';
import { ModelError } from '../errors.ts';
import { conv2d } from '../layers/conv2d.ts';
import { dense } from '../layers/dense.ts';
import type { Layer } from '../layers/layer.ts';
import { flatten } from '../layers/reshape.ts';
import { sequential } from '../layers/sequential.ts';
import { oneHot } from '../math/oneHot.ts';
import type { ExampleInfo, Model, ModelFunction } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import { elementCount } from '../shape.ts';

export const FEATURES = 64;

export interface FeatureNetwork extends Model {
  readonly functions: Readonly<Record<'features', ModelFunction>>;
}

/** Throws MODEL_NO_LABELS, MODEL_COLUMNS. */
export function featureNetwork(example: ExampleInfo): FeatureNetwork {
  const { shape, classes } = example;
  if (classes === undefined) {
    throw new ModelError({
      code: 'MODEL_NO_LABELS',
      where: 'feature network',
      expected: 'data with labels, to learn features from',
      got: 'data without',
      fix: 'Choose data with labels.',
    });
  }
  const trunk = featureLayers(example);
  const head = dense('features/classes', { inputs: FEATURES, units: classes });
  return {
    name: 'features',
    parameters: [...trunk.parameters, ...head.parameters],
    inputs: { x: shape, label: [] },
    noise: {},
    metrics: ['accuracy'],
    loss: (params, batch) =>
      tidy(() => {
        const x = requireTensor('input', batch, 'x'); // [B, ...shape]
        const truth = requireTensor('input', batch, 'label') as Tensor1D; // [B]
        const logits = head.apply(params, trunk.apply(params, x)) as Tensor2D; // [B, C]
        const chosen = mul(oneHot(truth, classes), logSoftmax(logits)); // [B, C]
        const right = equal(cast(argMax(logits, 1), 'float32'), truth); // [B]
        return {
          loss: neg(sum<Tensor1D>(chosen, 1)),
          metrics: { accuracy: cast<Tensor1D>(right as Tensor1D, 'float32') },
        };
      }),
    functions: {
      features: {
        inputs: { x: shape },
        noise: {},
        outputs: { features: [FEATURES], class: [] },
        apply: (params, inputs) =>
          tidy((): Record<'features' | 'class', Tensor> => {
            const features = trunk.apply(params, requireTensor('input', inputs, 'x'));
            return { features, class: cast(argMax(head.apply(params, features), 1), 'float32') };
          }),
      },
    },
  };
}

function featureLayers(example: ExampleInfo): Layer {
  const { shape, columns } = example;
  const options = { activation: 'relu' } as const;
  const last = (inputs: number): Layer =>
    dense('features/dense', { ...options, inputs, units: FEATURES });
  if (shape.length !== 3) {
    const values = columns ? columnInputs(example) : flatten(shape);
    const inputs = elementCount(values.outputShape);
    const first = dense('features/dense1', { ...options, inputs, units: 256 });
    return sequential(values, first, last(256));
  }
  const strided = { ...options, kernelSize: 3, stride: 2, padding: 'same' } as const;
  const one = conv2d('features/conv1', { ...strided, inputShape: shape, filters: 32 });
  const two = conv2d('features/conv2', { ...strided, inputShape: one.outputShape, filters: 64 });
  return sequential(one, two, flatten(two.outputShape), last(elementCount(two.outputShape)));
}
