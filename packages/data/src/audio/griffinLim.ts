/**
 * Sound from the magnitudes of its spectra alone: phases are found by going back and forth between
 * sound and spectra. Griffin, Lim: "Signal estimation from modified short-time Fourier transform" (1984);
 * the variant with momentum of Perraudin, Balazs, Sondergaard: "A fast Griffin-Lim algorithm" (2013).
 */
import { madeDataPurpose, seedKey } from '../kernels/counter.ts';
import { distributionCodes, instantiateKernels, scratchBytes } from '../kernels/kernels.ts';
import { portableCosPi, portableSinPi } from './portable.ts';
import { inverseStft, stft, type StftSettings } from './stft.ts';

/** Stream of the initial phases among made data; sprites have 0 and 1. */
const PHASE_STREAM = 2;
const DEFAULT_ITERATIONS = 60;
const DEFAULT_MOMENTUM = 0.99;
const TINY = 1e-16;

export interface GriffinLimOptions {
  /** Default 60. */
  readonly iterations?: number;
  /** 0 is the algorithm of 1984. Default 0.99. */
  readonly momentum?: number;
  /** Of the initial phases; default 0. */
  readonly seed?: number;
  /** Which of several examples this is, so that they differ; default 0. */
  readonly example?: number;
}

/** `magnitudes` [frames, fftSize / 2 + 1] -> [frames * hop] samples. */
export function griffinLim(
  magnitudes: Float64Array,
  settings: StftSettings,
  options: GriffinLimOptions = {},
): Float64Array {
  const { iterations = DEFAULT_ITERATIONS, momentum = DEFAULT_MOMENTUM } = options;
  const { seed = 0, example = 0 } = options;
  const spectra = startingSpectra(magnitudes, { seed, example });
  let before: Float64Array = new Float64Array(spectra.length);
  for (let i = 0; i < iterations; i++) {
    const rebuilt = stft(inverseStft(spectra, settings), settings);
    const share = i === 0 ? 0 : momentum / (1 + momentum);
    for (let bin = 0; bin < magnitudes.length; bin++) {
      const at = 2 * bin;
      const real = (rebuilt[at] ?? 0) - share * (before[at] ?? 0);
      const imaginary = (rebuilt[at + 1] ?? 0) - share * (before[at + 1] ?? 0);
      const length = Math.sqrt(real * real + imaginary * imaginary) + TINY;
      const scale = (magnitudes[bin] ?? 0) / length;
      spectra[at] = real * scale;
      spectra[at + 1] = imaginary * scale;
    }
    before = rebuilt;
  }
  return inverseStft(spectra, settings);
}

/** The magnitudes with phases drawn uniformly, a function of seed, example and place alone. */
function startingSpectra(
  magnitudes: Float64Array,
  { seed, example }: { readonly seed: number; readonly example: number },
): Float64Array {
  const indices = scratchBytes;
  const out = indices + 16;
  const pages = Math.ceil((out + 4 * (magnitudes.length + 3)) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const purpose = madeDataPurpose(PHASE_STREAM);
  const [key0, key1] = seedKey(seed);
  new Uint32Array(memory.buffer, indices, 1).fill(example);
  const { uniform } = distributionCodes;
  const kernels = instantiateKernels(memory);
  kernels.noise(indices, 1, magnitudes.length, uniform, 0, purpose, key0, key1, 0, out);
  const turns = new Float32Array(memory.buffer, out, magnitudes.length);
  const spectra = new Float64Array(2 * magnitudes.length);
  turns.forEach((turn, bin) => {
    spectra[2 * bin] = (magnitudes[bin] ?? 0) * portableCosPi(2 * turn);
    spectra[2 * bin + 1] = (magnitudes[bin] ?? 0) * portableSinPi(2 * turn);
  });
  return spectra;
}
