import { describe, expect, it } from 'vitest';
import { scoreVectors } from '../testing/scoreVectors.ts';
import { medianFilter } from './medianFilter.ts';
import { peakSignalToNoise, rowErrors } from './peakSignalToNoise.ts';
import { rowsOf } from './rows.ts';

describe('median filter', () => {
  it.each(scoreVectors.medians)(
    'of size $size on images of $shape is that of SciPy',
    ({ shape, size, images, filtered }) => {
      expect(medianFilter(Float32Array.from(images), shape, size)).toEqual(
        Float32Array.from(filtered),
      );
    },
  );

  it('takes single pixels away, and size 1 nothing', () => {
    const image = new Float32Array(25);
    image[12] = 1;
    expect(medianFilter(image, [5, 5, 1])).toEqual(new Float32Array(25));
    expect(medianFilter(image, [5, 5, 1], 1)).toEqual(image);
  });

  it.each([
    [[4], 3],
    [[2, 2, 1], 2],
  ])('refuses %j, size %d', (shape, size) => {
    expect(() => medianFilter(new Float32Array(4), shape, size)).toThrow(RangeError);
  });
});

describe('peak signal-to-noise ratio', () => {
  it('is 20 dB where the error is a tenth of the peak', () => {
    const a = rowsOf(new Float64Array(4).fill(0.5), 4);
    const [error] = rowErrors(a, rowsOf(new Float64Array(4).fill(0.6), 4));
    expect(peakSignalToNoise(error!)).toBeCloseTo(20, 12);
    expect(peakSignalToNoise(error! * 255 * 255, 255)).toBeCloseTo(20, 12);
  });

  it('is infinite without error', () => {
    expect(peakSignalToNoise(0)).toBe(Infinity);
  });

  it('is of each row', () => {
    const [a, b] = [rowsOf(Float32Array.from([0, 0, 1, 1]), 2), rowsOf(new Float32Array(4), 2)];
    expect([...rowErrors(a, b)]).toEqual([0, 1]);
    expect(() => rowErrors(a, rowsOf(new Float32Array(4), 1))).toThrow(RangeError);
  });
});
