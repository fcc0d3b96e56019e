/**
 * Triangular filters, evenly spaced on the mel scale, each of area 2 over Hz (librosa's `norm='slaney'`):
 * filter m rises from center m - 1 to its own center and falls to center m + 1.
 */
import type { MelScale } from './audioFormat.ts';
import { portableExp, portableLog } from './portable.ts';

export interface MelSettings {
  readonly sampleRate: number;
  readonly fftSize: number;
  readonly mels: number;
  readonly lowestHz: number;
  readonly highestHz: number;
  readonly melScale: MelScale;
}

/** Weights of consecutive bins, from `first` on. */
export interface MelFilter {
  readonly first: number;
  readonly weights: Float64Array;
}

const SLANEY_HZ = 200 / 3;
const SLANEY_BREAK_HZ = 1000;
const SLANEY_BREAK = SLANEY_BREAK_HZ / SLANEY_HZ;
const SLANEY_STEP = portableLog(6.4) / 27;
/** 2595 log10(1 + f / 700) = 2595 / ln 10 * ln(1 + f / 700) */
const HTK = 2595 / portableLog(10);

export function hzToMel(hz: number, scale: MelScale): number {
  if (scale === 'htk') return HTK * portableLog(1 + hz / 700);
  if (hz < SLANEY_BREAK_HZ) return hz / SLANEY_HZ;
  return SLANEY_BREAK + portableLog(hz / SLANEY_BREAK_HZ) / SLANEY_STEP;
}

export function melToHz(mel: number, scale: MelScale): number {
  if (scale === 'htk') return 700 * (portableExp(mel / HTK) - 1);
  if (mel < SLANEY_BREAK) return mel * SLANEY_HZ;
  return SLANEY_BREAK_HZ * portableExp(SLANEY_STEP * (mel - SLANEY_BREAK));
}

export function melFilters(settings: MelSettings): readonly MelFilter[] {
  const { sampleRate, fftSize, mels, lowestHz, highestHz, melScale } = settings;
  const lowest = hzToMel(lowestHz, melScale);
  const step = (hzToMel(highestHz, melScale) - lowest) / (mels + 1);
  const edges = Array.from({ length: mels + 2 }, (_, i) => melToHz(lowest + i * step, melScale));
  const binHz = sampleRate / fftSize;
  return Array.from({ length: mels }, (_, m) => {
    const [left = 0, center = 0, right = 0] = edges.slice(m, m + 3);
    const first = Math.max(0, Math.floor(left / binHz) + 1);
    const last = Math.min(fftSize / 2, Math.ceil(right / binHz) - 1);
    const height = 2 / (right - left);
    const weights = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
      const hz = (first + i) * binHz;
      return height * Math.min((hz - left) / (center - left), (right - hz) / (right - center));
    });
    return { first, weights };
  });
}

/** Filters that see no bin, because they are narrower than the bins are apart. */
export function emptyFilters(filters: readonly MelFilter[]): number {
  return filters.filter(({ weights }) => weights.length === 0).length;
}
