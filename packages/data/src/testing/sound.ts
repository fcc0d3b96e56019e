/** Sound made of integers or sines, and WAV files of it by another library. */
import wavefile from 'wavefile';

export type WavBits = '8' | '16' | '24' | '32' | '32f' | '64' | '8a' | '8m' | '4';

/** A WAV file as the library wavefile writes it; samples as integers of that depth, or floats. */
export function wavOf(
  samples: readonly ArrayLike<number>[],
  { rate = 8000, bits = '16' }: { rate?: number; bits?: WavBits } = {},
): Uint8Array {
  const file = new wavefile.WaveFile();
  const channels = samples.map((each) => Float64Array.from(each));
  const start = bits === '8a' || bits === '8m' || bits === '4' ? '16' : bits;
  file.fromScratch(
    channels.length,
    rate,
    start,
    channels.length === 1 ? (channels[0] ?? []) : channels,
  );
  if (bits === '8a') file.toALaw();
  if (bits === '8m') file.toMuLaw();
  if (bits === '4') file.toIMAADPCM();
  return file.toBuffer();
}

/** 16-bit samples of a sine. */
export function sine(hz: number, { rate = 8000, count = 8000, size = 16384 } = {}): Float64Array {
  return Float64Array.from({ length: count }, (_, n) =>
    Math.round(size * Math.sin((2 * Math.PI * hz * n) / rate)),
  );
}

/** Noise of integers from -50 to 50, in hundredths, that dies away: as tools/audio-vectors makes it. */
export function integerNoise(count: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, n) => (((((7 * n * n + 13 * n) % 101) - 50) / 100) * (count - n)) / count,
  );
}
