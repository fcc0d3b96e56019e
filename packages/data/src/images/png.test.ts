import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pattern } from '../testing/files.ts';
import { decodePng } from './png.ts';

describe('decodePng', () => {
  it('agrees with libpng for any size, color type and filter', async () => {
    const side = fc.integer({ min: 1, max: 40 });
    const channels = fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const);
    const smooth = fc.boolean(); // noise and gradients lead the encoder to different filters
    const adaptive = fc.boolean();
    await fc.assert(
      fc.asyncProperty(side, side, channels, smooth, adaptive, async (...options) => {
        const [height, width, depth, isSmooth, adaptiveFiltering] = options;
        const length = height * width * depth;
        const pixels = isSmooth
          ? Uint8Array.from({ length }, (_, i) => (i % (width * depth)) + i / 97)
          : pattern(length);
        const bytes = await sharp(pixels, { raw: { height, width, channels: depth } })
          .toColorspace(depth < 3 ? 'b-w' : 'srgb')
          .png({ adaptiveFiltering })
          .toBuffer();
        const colors = depth < 3 ? 1 : 3;
        const expected = pixels.filter((_, i) => depth === colors || i % depth < colors);
        expect(decodePng(bytes)).toEqual({
          pixels: expected,
          shape: [height, width, colors],
        });
      }),
      { numRuns: 60 },
    );
  });

  it('leaves what it does not know, and what is not perfect, to sharp', async () => {
    const raw = { raw: { height: 16, width: 16, channels: 3 } } as const;
    const good = await sharp(pattern(768), raw).png().toBuffer();
    const interlaced = await sharp(pattern(768), raw).png({ progressive: true }).toBuffer();
    const palette = await sharp(pattern(768), raw).png({ palette: true }).toBuffer();
    const jpeg = await sharp(pattern(768), raw).jpeg().toBuffer();
    expect(decodePng(good)).toBeDefined();
    for (const bytes of [interlaced, palette, jpeg, Buffer.alloc(0)]) {
      expect(decodePng(bytes)).toBeUndefined();
    }
    for (let length = 0; length < good.length; length++) {
      expect(decodePng(good.subarray(0, length))).toBeUndefined();
    }
    const idat = good.indexOf('IDAT') + 4;
    const end = good.indexOf('IEND') - 8;
    for (let at = idat; at < end; at++) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      const decoded = decodePng(bytes);
      // The two header bytes of zlib have bits that say nothing of the data.
      if (decoded) expect(Buffer.from(decoded.pixels)).toEqual(Buffer.from(pattern(768)));
    }
  });
});
