/** Between sound and the values of an example. Nothing here touches a file. */
import type { AudioFormat, MelFormat } from './audioFormat.ts';
import { griffinLim, type GriffinLimOptions } from './griffinLim.ts';
import { melFilters, type MelFilter } from './melFilters.ts';
import { invertMel, melEnergies } from './melInversion.ts';
import { DECIBELS, portableExp, portableLog } from './portable.ts';
import { stft } from './stft.ts';

/** Powers below this are silence, whatever the range. */
const LEAST_POWER = 1e-10;
/** What `melDecibels` gives silence: -100. */
export const SILENCE_DB = DECIBELS * portableLog(LEAST_POWER);

const filterBanks = new Map<string, readonly MelFilter[]>();

function filtersOf(format: Omit<MelFormat, 'topDb'>): readonly MelFilter[] {
  const { sampleRate, fftSize, mels, lowestHz, highestHz, melScale } = format;
  const settings = { sampleRate, fftSize, mels, lowestHz, highestHz, melScale };
  const key = JSON.stringify(settings);
  const filters = filterBanks.get(key) ?? melFilters(settings);
  filterBanks.set(key, filters);
  return filters;
}

/** Energies in decibels, [frames, mels]; -100 and less are -100. */
export function melDecibels(samples: Float32Array, format: Omit<MelFormat, 'topDb'>): Float64Array {
  const { frames, mels, fftSize } = format;
  const filters = filtersOf(format);
  const spectra = stft(samples, format);
  const bins = fftSize / 2 + 1;
  const powers = new Float64Array(bins);
  const out = new Float64Array(frames * mels);
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0, at = frame * 2 * bins; bin < bins; bin++, at += 2) {
      const [real, imaginary] = [spectra[at] ?? 0, spectra[at + 1] ?? 0];
      powers[bin] = real * real + imaginary * imaginary;
    }
    const energies = out.subarray(frame * mels, (frame + 1) * mels);
    melEnergies(filters, powers, energies);
    for (let m = 0; m < mels; m++) {
      energies[m] = DECIBELS * portableLog(Math.max(LEAST_POWER, energies[m] ?? 0));
    }
  }
  return out;
}

/** Samples at the format's rate -> the values of one example. Cut, or ended in silence, to its length. */
export function encodeAudio(samples: Float32Array, format: AudioFormat): Float32Array {
  const sound = new Float32Array(format.samples);
  sound.set(samples.subarray(0, format.samples));
  if (format.features === 'raw') return sound.map((sample) => sample / format.scale);
  const { topDb, rangeDb } = format;
  const lowest = topDb - rangeDb;
  // The range of silence alone is 0.
  return Float32Array.from(melDecibels(sound, format), (decibels) =>
    decibels > lowest ? Math.min(1, (decibels - lowest) / rangeDb) : 0,
  );
}

/**
 * The values of one example -> samples at the format's rate. A spectrogram has no phases: they are
 * found by Griffin-Lim, so the sound has the spectrogram, but not the waveform, that was encoded.
 */
export function decodeAudio(
  values: Float32Array,
  format: AudioFormat,
  options: GriffinLimOptions = {},
): Float32Array {
  if (format.features === 'raw') return values.map((value) => value * format.scale);
  const bins = format.fftSize / 2 + 1;
  const powers = invertMel(energiesOf(values, format), filtersOf(format), bins);
  return Float32Array.from(griffinLim(powers.map(Math.sqrt), format, options));
}

/** [frames, mels]; 0 is silence. */
function energiesOf(values: Float32Array, { topDb, rangeDb }: MelFormat): Float64Array {
  return Float64Array.from(values, (value) => {
    const decibels = topDb - rangeDb + Math.min(1, value) * rangeDb;
    return value > 0 ? portableExp(decibels / DECIBELS) : 0;
  });
}
