import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { imageGrid } from './imageGrid.ts';
import { encodeLabelledPng } from './labelledGrid.ts';

const grid = imageGrid(
  { data: new Float32Array(4 * 8 * 8).fill(0.5), shape: [4, 8, 8, 1] },
  { columns: 2, padding: 0 },
);

async function pixelsOf(png: Uint8Array) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray(
      (y * info.width + x) * info.channels,
      (y * info.width + x + 1) * info.channels,
    ),
  ];
  return { at, info };
}

describe('a grid with names', () => {
  it('has room for them, dark on white, beside larger images', async () => {
    const { png, width, height } = await encodeLabelledPng(grid, {
      rows: ['before <&>', 'after'],
      columns: ['a', 'b'],
    });
    const { at, info } = await pixelsOf(png);
    expect([info.width, info.height, info.channels]).toEqual([width, height, 3]);
    const left = width - 16 * 5; // 80 pixels for two columns
    expect(at(width - 1, height - 1)).toEqual([128, 128, 128]);
    expect(at(left, height - 1)).toEqual([128, 128, 128]);
    expect(at(left - 1, height - 1)).toEqual([255, 255, 255]);
    const isDark = (x: number, y: number) => (at(x, y)[0] ?? 255) < 100;
    const names = Array.from({ length: left * height }, (_, i) => i).filter((i) =>
      isDark(i % left, Math.floor(i / left)),
    );
    expect(names.length).toBeGreaterThan(50);
  });

  it('without names is the grid', async () => {
    const { width, height } = await encodeLabelledPng(grid, {});
    expect([width, height]).toEqual([grid.width, grid.height]);
  });

  it('shortens what is too long', async () => {
    const one = await encodeLabelledPng(grid, { rows: ['x'.repeat(28), ''] });
    const two = await encodeLabelledPng(grid, { rows: ['x'.repeat(500), ''] });
    expect(two.width).toBe(one.width);
  });
});
