import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeResizer } from './resize.ts';

const small = Uint8Array.from({ length: 35 }, (_, at) => {
  const i = Math.floor(at / 7);
  const j = at % 7;
  return (7 * i * i + 13 * j * j + 31 * i * j + 5 * i + 3 * j) % 256;
});

// Expected values: Pillow 13.0, Image.fromarray(a).resize((width, height), Image.BILINEAR).
describe('makeResizer', () => {
  it.each<{ to: [number, number]; expected: number[] }>([
    { to: [3, 4], expected: [22, 102, 166, 182, 80, 153, 181, 154, 102, 133, 123, 90] },
    {
      to: [5, 3],
      expected: [19, 123, 165, 58, 168, 190, 110, 166, 175, 122, 164, 118, 93, 115, 76],
    },
    {
      to: [10, 7],
      expected: [
        0, 16, 58, 126, 220, 84, 230, 3, 27, 77, 152, 190, 126, 216, 9, 48, 114, 205, 130, 209, 187,
        19, 73, 154, 197, 138, 232, 161, 32, 102, 198, 128, 213, 195, 139, 48, 134, 182, 127, 227,
        161, 121, 68, 169, 105, 194, 181, 130, 106, 92, 144, 95, 200, 139, 103, 94, 119, 59, 153,
        145, 100, 80, 86, 132, 16, 182, 118, 80, 68, 82,
      ],
    },
    { to: [1, 1], expected: [132] },
  ])('agrees with Pillow: 5x7 to $to', ({ to, expected }) => {
    expect([...makeResizer([5, 7], to, 1)(small)]).toEqual(expected);
  });

  it.each<{ to: [number, number]; digest: string }>([
    { to: [28, 28], digest: '4ab95c8fffc266a8903c329d06e7d180515a13efeedf0c2ba1c74dd09fc3aa6a' },
    { to: [32, 20], digest: '4ccb8c2aa633dc51648ea0309bb15e1dbe6e8a0c5f60d132fa729e4c940d370f' },
    { to: [100, 130], digest: 'd28d97e7654f7f9ecd6063a8f1e63fdf53fa4875f98c8c65ed90ebd4030627d0' },
  ])('agrees with Pillow in every pixel: 64x64 to $to', ({ to, digest }) => {
    const image = Uint8Array.from({ length: 4096 }, (_, at) => {
      const i = at >> 6;
      const j = at & 63;
      return (i * i * 3 + j * j * 5 + i * j * 7) % 256;
    });
    const resized = makeResizer([64, 64], to, 1)(image);
    expect(createHash('sha256').update(resized).digest('hex')).toBe(digest);
  });

  it('treats each channel on its own', () => {
    const rgb = Uint8Array.from({ length: 36 }, (_, at) => {
      const [i, j, c] = [Math.floor(at / 12), Math.floor(at / 3) % 4, at % 3];
      return (i * 50 + j * 20 + c * 90 + i * j * c * 7) % 256;
    });
    expect([...makeResizer([3, 4], [2, 3], 3)(rgb)]).toEqual([
      25, 116, 177, 49, 143, 141, 73, 170, 171, 87, 181, 85, 111, 139, 69, 135, 96, 121,
    ]);
  });

  it('leaves an image of the same size as it is', () => {
    expect(makeResizer([5, 7], [5, 7], 1)(small)).toEqual(small);
  });
});
