import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { greyToRgb, rgbToGrey } from './color.ts';

it('converts to grey as Pillow 13.0 does, in every pixel', () => {
  const rgb = Uint8Array.from({ length: 64 * 48 * 3 }, (_, at) => {
    const [i, j, c] = [Math.floor(at / 144), Math.floor(at / 3) % 48, at % 3];
    return (i * i * 3 + j * j * 5 + i * j * 7 * (c + 1) + c * 40) % 256;
  });
  const grey = new Uint8Array(64 * 48);
  rgbToGrey(rgb, grey);
  expect(createHash('sha256').update(grey).digest('hex')).toBe(
    '19cb91995cd066d123f8ef5fd2344d2117bdce5012fb3398abfcacc8ad82bfbc',
  );
});

it('loses nothing from grey to color and back', () => {
  const grey = Uint8Array.from({ length: 256 }, (_, v) => v);
  const rgb = new Uint8Array(768);
  const back = new Uint8Array(256);
  greyToRgb(grey, rgb);
  rgbToGrey(rgb, back);
  expect(back).toEqual(grey);
});
