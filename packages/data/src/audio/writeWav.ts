/** A WAV file of one channel, 16-bit PCM, which every player takes. */

const HEADER_BYTES = 44;
const FULL_SCALE = 32767;

/** Samples beyond -1 and 1 are clipped, NaN becomes silence. */
export function writeWav(samples: ArrayLike<number>, sampleRate: number): Uint8Array {
  const dataBytes = 2 * samples.length;
  const bytes = new Uint8Array(HEADER_BYTES + dataBytes);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string): void => {
    bytes.set(Buffer.from(value, 'latin1'), at);
  };
  text(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 2 * sampleRate, true);
  view.setUint16(32, 2, true); // bytes a frame
  view.setUint16(34, 16, true); // bits
  text(36, 'data');
  view.setUint32(40, dataBytes, true);
  for (let i = 0; i < samples.length; i++) {
    const sample = Math.max(-1, Math.min(1, samples[i] ?? 0)) || 0;
    view.setInt16(HEADER_BYTES + 2 * i, Math.round(sample * FULL_SCALE), true);
  }
  return bytes;
}
