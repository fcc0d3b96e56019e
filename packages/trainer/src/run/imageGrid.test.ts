import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { encodePng, imageGrid, reconstructionGrid, stackedGrid } from './imageGrid.ts';

/** Grey images of one pixel each. */
const dots = (...values: number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length, 1, 1, 1],
});
const rows = ({ pixels, width }: { pixels: Uint8Array; width: number }) =>
  Array.from({ length: pixels.length / width }, (_, y) =>
    Array.from(pixels.subarray(y * width, (y + 1) * width)),
  );

describe('imageGrid', () => {
  it('puts images row by row, with padding between and around', () => {
    const grid = imageGrid(dots(0.2, 0.4, 0.6), { columns: 2, padding: 1 });
    expect([grid.width, grid.height, grid.channels]).toEqual([5, 5, 1]);
    expect(rows(grid)).toEqual([
      [0, 0, 0, 0, 0],
      [0, 51, 0, 102, 0],
      [0, 0, 0, 0, 0],
      [0, 153, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
  });

  it('is about a square by default', () => {
    const grid = imageGrid({ data: new Float32Array(10 * 4 * 6), shape: [10, 4, 6, 1] });
    expect([grid.width, grid.height]).toEqual([4 * 8 + 2, 3 * 6 + 2]);
  });

  it('keeps values within a byte', () => {
    const grid = imageGrid(dots(-1, 2, NaN, Infinity, -Infinity, 0.999), {
      columns: 6,
      padding: 0,
    });
    expect(rows(grid)).toEqual([[0, 255, 0, 255, 0, 255]]);
  });

  it('keeps colors and the order of pixels', () => {
    const data = Float32Array.from({ length: 12 }, (_, i) => i / 255);
    const grid = imageGrid({ data, shape: [1, 2, 2, 3] }, { padding: 0 });
    expect(grid.pixels).toEqual(Uint8Array.from({ length: 12 }, (_, i) => i));
  });

  it.each([[[4]], [[1, 2, 2]], [[1, 2, 2, 2]]])('refuses the shape %j', (shape) => {
    expect(() => imageGrid({ data: new Float32Array(8), shape })).toThrow(
      expect.objectContaining({ code: 'RUN_NOT_IMAGES', got: `[${shape.join(', ')}]` }),
    );
  });
});

describe('reconstructionGrid', () => {
  it('puts a row of reconstructions under each row of originals', () => {
    const originals = dots(0.2, 0.2, 0.2);
    const grid = reconstructionGrid(originals, dots(0.4, 0.4, 0.4), { columns: 2, padding: 0 });
    expect(rows(grid)).toEqual([
      [51, 51],
      [102, 102],
      [51, 0],
      [102, 0],
    ]);
  });
});

describe('stackedGrid', () => {
  it('puts a row of each set under each other, and again for the next columns', () => {
    const sets = [dots(0.2, 0.2), dots(0.4, 0.4), dots(0.6, 0.6)];
    expect(rows(stackedGrid(sets, { columns: 1, padding: 0 }))).toEqual([
      [51],
      [102],
      [153],
      [51],
      [102],
      [153],
    ]);
  });

  it('is of images of one shape', () => {
    expect(() => stackedGrid([dots(0), dots(0, 0)])).toThrow(/shapes 1,1,1,1 and 2,1,1,1/);
  });
});

describe('encodePng', () => {
  it.each([1, 3] as const)('is read back by a PNG decoder, %i channels', async (channels) => {
    const data = Float32Array.from({ length: 2 * 3 * channels }, (_, i) => i / 255);
    const grid = imageGrid({ data, shape: [1, 2, 3, channels] });
    const { png, width, height } = await encodePng(grid);
    const image = decode(png);
    expect([image.width, image.height, image.channels, image.depth]).toEqual([
      width,
      height,
      channels,
      8,
    ]);
    expect(Uint8Array.from(image.data)).toEqual(grid.pixels);
  });
});
