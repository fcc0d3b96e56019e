/** `tabular`: rows of numbers and categories, some of them missing. */
import { columnInputs } from '../columns/columnInputs.ts';
import { columnLikelihood } from '../columns/columnLikelihood.ts';
import type { NumericOptions } from '../columns/numericColumns.ts';
import { ModelError } from '../errors.ts';
import { sequential } from '../layers/sequential.ts';
import { decoderShape } from '../likelihoods/likelihood.ts';
import { denseStack } from '../networks/denseStack.ts';
import { gaussianEncoder } from '../networks/encoder.ts';
import { mlpDecoder } from '../networks/mlp.ts';
import { elementCount } from '../shape.ts';
import type { ExampleInfo } from '../model.ts';
import { vae } from '../vae.ts';
import { definePreset } from './preset.ts';
import { elboOf, elboOptions } from './vaeOptions.ts';

const name = 'tabular';

function oneOf<const T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw new ModelError({
    code: 'MODEL_PRESET_OPTION',
    where: `preset "${name}", ${option}`,
    expected: `one of ${known.join(', ')}`,
    got: JSON.stringify(value),
    fix: 'Choose one of these.',
  });
}

export const tabularPreset = definePreset({
  name,
  summary:
    'tables: numbers, categories and ordered categories, each with its own likelihood, some missing',
  paper:
    'Nazabal, Olmos, Ghahramani, Valera: "Handling Incomplete Heterogeneous Data using VAEs" (2020), arXiv:1807.03653',
  options: {
    latentDim: 8,
    /** Of each of the two hidden layers of either network. */
    hiddenUnits: 128,
    /** Density of numbers: `gaussian`; `student-t` or `laplace` for heavy tails. */
    numbers: 'gaussian',
    /** Of numbers: `learned`, one a column; or `per-output`, which the decoder gives for each value. */
    scale: 'learned',
    /** The least that scale can be, a column's standard deviation being 1. */
    scaleFloor: 0.1,
    ...elboOptions,
  },
  defaults: { batchSize: 128, learningRate: 1e-3, optimizer: 'adam', epochs: 20 },
  expect: {
    data: 'normal rows of NSL-KDD (KDDTrain+_20Percent)',
    flags: '--epochs 20',
    testLoss: 16.6,
    within: 0.9,
  },
  takes: ['table', 'numbers'],
  build: (options, example) => {
    const { latentDim, hiddenUnits, scaleFloor } = options;
    const numbers: NumericOptions = {
      density: oneOf('numbers', options.numbers, ['gaussian', 'student-t', 'laplace']),
      scale: oneOf('scale', options.scale, ['learned', 'per-output']),
      scaleFloor,
    };
    checkRows(example);
    const likelihood = columnLikelihood(example, numbers);
    const inputs = columnInputs(example);
    const hidden = [hiddenUnits, hiddenUnits];
    const trunk = denseStack('encoder', {
      inputs: elementCount(inputs.outputShape),
      units: hidden,
      output: 'relu',
    });
    return vae({
      name,
      encoder: gaussianEncoder('encoder', sequential(inputs, trunk), latentDim),
      decoder: mlpDecoder({
        outputShape: decoderShape(likelihood, example.shape),
        hidden,
        latentDim,
      }),
      latentDim,
      likelihood,
      objective: elboOf(options),
    });
  },
});

/** Rows of an array are rows of numbers; pictures and sound would be columns that nobody meant. */
function checkRows({ shape }: ExampleInfo): void {
  if (shape.length === 1) return;
  throw new ModelError({
    code: 'MODEL_DATA_KIND',
    where: `preset "${name}"`,
    expected: 'a table, whose rows are [columns]',
    got: `examples of shape [${shape.join(', ')}], as pictures and sound have`,
    fix: 'Choose a preset for them: mlp or conv for pictures, audio for sound.',
  });
}
