/** A whole WAV file from its bytes. */
import { bytesReader, lengthAt, readRange } from './wavFile.ts';
import { readWavHeader } from './wavHeader.ts';

export interface Recording {
  readonly sampleRate: number;
  /** One channel, the mean of several; 1 is full scale. */
  readonly samples: Float32Array;
}

/** At `sampleRate`, or at its own. `where` is its name, for messages. Throws DataError. */
export function readWav(where: string, bytes: Uint8Array, sampleRate?: number): Recording {
  const file = bytesReader(where, bytes);
  const header = readWavHeader(file);
  const rate = sampleRate ?? header.sampleRate;
  const count = lengthAt(header, rate);
  return {
    sampleRate: rate,
    samples: readRange(file, header, { sampleRate: rate, first: 0, count }),
  };
}
