import { describe, expect, it } from 'vitest';
import { datasetLabels, datasetValues } from '../dataset.ts';
import { openData } from '../openData.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { canvasOf, drawFactors, scaleOf, spriteFactors } from './spriteFactors.ts';
import { cosSinOfTurn, drawMask } from './spriteMask.ts';

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

describe('masks', () => {
  const radius = 40;
  const area = (shape: 'square' | 'ellipse' | 'heart', scale: number, rotation = 0): number =>
    sum(drawMask(shape, { radius, scale, rotation }).pixels) / 255 / radius ** 2;

  it('cover the area of their shape, however they are turned', () => {
    for (const rotation of [0, 3, 17]) {
      expect(area('square', 1, rotation)).toBeCloseTo(2, 1);
      expect(area('ellipse', 1, rotation)).toBeCloseTo(Math.PI / 2, 1);
      expect(area('heart', 1, rotation)).toBeCloseTo(area('heart', 1), 1);
      expect(area('square', 0.5, rotation)).toBeCloseTo(0.5, 1);
    }
  });

  it('touch no edge but a point of it, so nothing is cut off', () => {
    for (const shape of ['square', 'ellipse', 'heart'] as const) {
      for (let rotation = 0; rotation < 40; rotation++) {
        // A larger canvas shows what would be cut.
        const inside = sum(drawMask(shape, { radius, scale: 1, rotation }).pixels);
        const whole = drawMask(shape, { radius: 2 * radius, scale: 0.5, rotation });
        expect(inside).toBe(sum(whole.pixels));
      }
    }
  });

  it('turn counterclockwise, and the heart stands upright', () => {
    const side = 2 * radius;
    const { pixels } = drawMask('heart', { radius, scale: 1, rotation: 0 });
    const rowSum = (row: number): number => sum(pixels.subarray(row * side, (row + 1) * side));
    const filled = Array.from({ length: side }, (_, row) => row).filter((row) => rowSum(row) > 0);
    const [top, bottom] = [filled[2]!, filled[filled.length - 3]!];
    expect(rowSum(top)).toBeGreaterThan(2 * rowSum(bottom));
    const turned = drawMask('heart', { radius, scale: 1, rotation: 10 }).pixels;
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        // A quarter turn to the left takes the right edge to the top.
        expect(turned[row * side + column]).toBe(pixels[column * side + (side - 1 - row)]);
      }
    }
  });
});

it('cosine and sine are those of the whole circle', () => {
  for (let part = 0; part < 40; part++) {
    const [cosine, sine] = cosSinOfTurn(part, 40);
    expect(cosine).toBeCloseTo(Math.cos((part / 20) * Math.PI), 12);
    expect(sine).toBeCloseTo(Math.sin((part / 20) * Math.PI), 12);
  }
});

describe('factors', () => {
  const specs = spriteFactors(canvasOf(64, 64));

  it('are those of dSprites', () => {
    expect(specs.map(({ name, size }) => [name, size])).toEqual([
      ['shape', 3],
      ['scale', 6],
      ['rotation', 40],
      ['x', 32],
      ['y', 32],
    ]);
    expect([0, 1, 5].map(scaleOf)).toEqual([0.5, 0.6, 1]);
  });

  it('are independent and uniform, and other ones in the other part', () => {
    const count = 20_000;
    const { values } = drawFactors(specs, { count, stream: 0 });
    specs.forEach(({ size }, k) => {
      const counts = new Array<number>(size).fill(0);
      for (let i = 0; i < count; i++) counts[values[i * 5 + k]!]! += 1;
      const expected = count / size;
      const chiSquare = sum(counts.map((n) => (n - expected) ** 2 / expected));
      // Mean size - 1, variance 2 (size - 1): five deviations.
      expect(chiSquare).toBeLessThan(size - 1 + 5 * Math.sqrt(2 * (size - 1)));
    });
    const other = drawFactors(specs, { count, stream: 1 });
    expect(other.values).not.toEqual(values);
    expect(drawFactors(specs, { count: 7, stream: 0 }).values).toEqual(values.subarray(0, 35));
  });
});

describe('data', () => {
  it('has the shape as label, and the sprite where the factors say', async () => {
    const source = await openData('sprites', { resize: [32, 24] });
    expect(source.test).toMatchObject({
      shape: [32, 24, 1],
      count: 5000,
      classes: 3,
      source: 'sprites',
    });
    const test = await source.load('test', { stagingBytes: 0 });
    const labels = datasetLabels(test)!;
    const { specs, values } = source.factors.test!;
    expect(specs.map(({ size }) => size)).toEqual([3, 6, 40, 12, 20]);
    const pixels = datasetValues(test);
    for (let i = 0; i < 200; i++) {
      const [shape, , , x, y] = values.subarray(i * 5, i * 5 + 5);
      expect(labels[i]).toBe(shape);
      if (shape === 2) continue;
      // Squares and ellipses are centered at their center, the corner of a pixel.
      const image = pixels.subarray(i * 768, (i + 1) * 768);
      const mass = sum(image);
      const cx = sum(Array.from(image, (v, at) => v * ((at % 24) + 0.5))) / mass;
      const cy = sum(Array.from(image, (v, at) => v * (Math.floor(at / 24) + 0.5))) / mass;
      expect(cx).toBeCloseTo(x! + 6, 1);
      expect(cy).toBeCloseTo(y! + 6, 1);
    }
  });

  it('may be of three equal channels, and the test part of itself', async () => {
    const source = await openData('sprites', { resize: [16, 16], color: 'rgb', test: 'sprites' });
    expect(source.train.shape).toEqual([16, 16, 3]);
    const values = datasetValues(await source.load('test', { stagingBytes: 0 }));
    for (let i = 0; i < 3000; i += 3) expect(values[i]).toBe(values[i + 2]);
    expect(source.factors.test?.values.length).toBe(25_000);
  });

  it('other data has no factors', async () => {
    expect((await openData('mnist')).factors).toEqual({ train: undefined, test: undefined });
  });

  it.each([
    [8, 64],
    [64, 300],
  ] as const)('refuses %d x %d', async (height, width) => {
    await expectDataError(
      () => openData('sprites', { resize: [height, width] }),
      'DATA_OPTION',
      'sprites',
    );
  });
});
