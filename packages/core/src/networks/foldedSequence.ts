/**
 * Encoder and decoder of sequences that grow shorter and longer again: at each level two neighbouring
 * steps become one, a dense layer takes them to `filters` channels, and a causal convolution looks
 * around; the decoder is the mirror image. They are to a sequence what strided convolutions are to an
 * image.
 *
 *   encoder  [T, channels] -> levels -> flatten -> mu, logVar
 *   decoder  z -> dense -> levels -> [T, filters]
 */
import { causalConv1d } from '../layers/causalConv1d.ts';
import { dense } from '../layers/dense.ts';
import { foldSteps, unfoldSteps } from '../layers/foldSteps.ts';
import type { Layer } from '../layers/layer.ts';
import { requirePositiveIntegers, requireSequenceShape } from '../layers/options.ts';
import { perStep } from '../layers/perStep.ts';
import { reshape } from '../layers/reshape.ts';
import { residual } from '../layers/residual.ts';
import { sequential } from '../layers/sequential.ts';
import type { ExampleShape } from '../model.ts';
import { gaussianEncoder, type Encoder } from './encoder.ts';

interface FoldedOptions {
  readonly filters: number;
  /** How often the steps are halved. */
  readonly levels: number;
  readonly latentDim: number;
}

export interface FoldedEncoderOptions extends FoldedOptions {
  /** Runs before it, such as an embedding; gives [T, channels]. */
  readonly input: Layer;
}

export interface FoldedDecoderOptions extends FoldedOptions {
  /** T */
  readonly steps: number;
}

/** Steps after 0, 1 ... `levels` halvings. */
function halvedSteps(steps: number, levels: number): readonly number[] {
  return Array.from({ length: levels + 1 }, (_, i) => Math.ceil(steps / (1 << i)));
}

function look(name: string, steps: number, filters: number): Layer {
  const shape = { inputShape: [steps, filters], filters, kernelSize: 3 };
  return residual(`${name}/sum`, causalConv1d(name, { ...shape, activation: 'relu' }));
}

/** x -> `input` -> `encoder/fold1`, `encoder/conv1` ... -> `encoder/mu`, `encoder/logVar`. */
export function foldedEncoder(options: FoldedEncoderOptions): Encoder {
  const { input, filters, levels, latentDim } = options;
  requirePositiveIntegers('encoder', { filters, levels });
  const [T, channels] = requireSequenceShape('encoder', input.outputShape);
  const steps = halvedSteps(T, levels);
  const layers = steps.slice(1).flatMap((length, i) => {
    const from: ExampleShape = [steps[i] ?? 1, i === 0 ? channels : filters];
    const folded = dense(`encoder/fold${String(i + 1)}`, {
      inputs: 2 * (from[1] ?? 1),
      units: filters,
      activation: 'relu',
    });
    return [
      foldSteps(from, 2),
      perStep(length, folded),
      look(`encoder/conv${String(i + 1)}`, length, filters),
    ];
  });
  return gaussianEncoder('encoder', sequential(input, ...layers), latentDim);
}

/** z -> `decoder/dense` -> `decoder/unfold1`, `decoder/conv1` ... -> [T, filters], linear. */
export function foldedDecoder({
  steps: T,
  filters,
  levels,
  latentDim,
}: FoldedDecoderOptions): Layer {
  requirePositiveIntegers('decoder', { filters, levels });
  const steps = halvedSteps(T, levels).toReversed();
  const first = steps[0] ?? 1;
  const units = first * filters;
  const layers = steps.slice(1).flatMap((length, i) => {
    const from = steps[i] ?? 1;
    const isLast = i === levels - 1;
    const unfolded = dense(`decoder/unfold${String(i + 1)}`, {
      inputs: filters,
      units: 2 * filters,
      activation: isLast ? 'linear' : 'relu',
    });
    return [
      look(`decoder/conv${String(i + 1)}`, from, filters),
      perStep(from, unfolded),
      unfoldSteps([from, 2 * filters], 2, length),
    ];
  });
  return sequential(
    dense('decoder/dense', { inputs: latentDim, units, activation: 'relu' }),
    reshape([units], [first, filters]),
    ...layers,
  );
}
