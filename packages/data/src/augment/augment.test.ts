import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { augmentPurpose, seedKey } from '../kernels/counter.ts';
import { instantiateKernels, scratchBytes } from '../kernels/kernels.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { checkAugmentation, parseAugmentation, type Augmentation } from './augmentation.ts';
import { createAugmenter } from './augmenter.ts';

const memory = new WebAssembly.Memory({ initial: 32, maximum: 32, shared: true });
const kernels = instantiateKernels(memory);
const indices = scratchBytes;
const values = 65536;

type Shape = readonly [height: number, width: number, channels: number];

interface Draw {
  readonly seed: number;
  readonly epoch: number;
  readonly shape: Shape;
}

const sizeOf = ([height, width, channels]: Shape): number => height * width * channels;

/** Value k of image i; never 0, so that what was filled with black is seen. */
const valueAt = (i: number, k: number): number => Math.fround((i * 1000 + k + 1) / 7);

/** Augments the images of these examples. */
function augment(how: Augmentation, examples: readonly number[], draw: Draw): Float32Array {
  new Uint32Array(memory.buffer, indices, examples.length).set(examples);
  const size = sizeOf(draw.shape);
  const floats = new Float32Array(memory.buffer, values, examples.length * size + 4).fill(-5);
  for (const [row, example] of examples.entries()) {
    for (let k = 0; k < size; k++) floats[row * size + k] = valueAt(example, k);
  }
  const spec = { kernels, scratch: 0, indices, values, ...draw };
  createAugmenter(how, spec)(draw.epoch, examples.length);
  expect([...floats.slice(-4)]).toEqual([-5, -5, -5, -5]);
  return floats.slice(0, -4);
}

/** The words of one block, which agree with the published vectors (kernels.test.ts). */
function words(block: number, example: number, { epoch, seed }: Draw): number[] {
  kernels.philoxBlock(block, example, epoch, augmentPurpose, ...seedKey(seed), values);
  const view = new Uint32Array(memory.buffer, values, 16);
  return [0, 4, 8, 12].map((at) => view[at] ?? 0);
}

/** What one image should become, written pixel by pixel from the definition. */
function expected(how: Augmentation, example: number, draw: Draw): number[] {
  const [height, width, channels] = draw.shape;
  let at = (y: number, x: number, c: number): number =>
    valueAt(example, (y * width + x) * channels + c);
  if (how.flip && (words(0, example, draw)[0] ?? 0) >= 2 ** 31) {
    const before = at;
    at = (y, x, c) => before(y, width - 1 - x, c);
  }
  for (const [move, { most, edge }] of how.shifts.entries()) {
    const [down = 0, right = 0] = words(move + 1, example, draw).map(
      (word) => Math.floor((word * (2 * most + 1)) / 2 ** 32) - most,
    );
    const before = at;
    const inside = (i: number, length: number): number => Math.min(length - 1, Math.max(0, i));
    at = (y, x, c) => {
      const [fromY, fromX] = [inside(y - down, height), inside(x - right, width)];
      const isFree = fromY !== y - down || fromX !== x - right;
      return isFree && !edge ? 0 : before(fromY, fromX, c);
    };
  }
  return Array.from({ length: sizeOf(draw.shape) }, (_, k) =>
    at(Math.floor(k / (width * channels)), Math.floor(k / channels) % width, k % channels),
  );
}

const shapes = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 4 }),
);

describe('augmenting', () => {
  it('does what the definition says, to any image', () => {
    const by = fc.record({ most: fc.integer({ min: 1, max: 8 }), edge: fc.boolean() });
    const how = fc.record({ flip: fc.boolean(), shifts: fc.array(by, { maxLength: 2 }) });
    const examples = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 9 });
    const numbers = fc.tuple(fc.nat(2 ** 31), fc.nat(1000));
    fc.assert(
      fc.property(how, shapes, examples, numbers, (what, shape, list, [seed, epoch]) => {
        const side = Math.min(shape[0], shape[1]);
        fc.pre(what.shifts.every(({ most }) => most < side));
        const draw = { seed, epoch, shape };
        const got = augment(what, list, draw);
        const want = list.flatMap((example) => expected(what, example, draw));
        expect([...got]).toEqual(want);
      }),
    );
  });

  it('gives an example the same whoever is beside it, and another thing in another epoch', () => {
    const how = parseAugmentation('flip,shift:2,crop:3:edge');
    const shape = [8, 8, 1] as const;
    const one = (example: number, draw: Draw) => [...augment(how, [example], draw)];
    const draw = { seed: 4, epoch: 1, shape };
    const many = augment(how, [7, 3, 11, 12, 9, 200], draw);
    expect([...many.subarray(4 * 64, 5 * 64)]).toEqual(one(9, draw));
    const epochs = Array.from({ length: 20 }, (_, epoch) => one(9, { ...draw, epoch }).join());
    expect(new Set(epochs).size).toBeGreaterThan(15);
    const seeds = Array.from({ length: 20 }, (_, seed) => one(9, { ...draw, seed }).join());
    expect(new Set(seeds).size).toBeGreaterThan(15);
  });

  it('flips half of the images, and moves evenly', () => {
    const examples = Array.from({ length: 4000 }, (_, i) => i);
    const shape = [5, 5, 1] as const;
    const flips = examples.filter(
      (i) => (words(0, i, { seed: 1, epoch: 0, shape })[0] ?? 0) >= 2 ** 31,
    );
    expect(Math.abs(flips.length - 2000)).toBeLessThan(160); // 5 standard deviations
    const counts = new Map<number, number>();
    for (let first = 0; first < 4000; first += 1000) {
      const batch = examples.slice(first, first + 1000);
      const moved = augment(parseAugmentation('shift:2:edge'), batch, { seed: 1, epoch: 0, shape });
      for (const [row, example] of batch.entries()) {
        const middle = Math.round((moved[row * 25 + 12] ?? 0) * 7) - example * 1000 - 1;
        counts.set(middle, (counts.get(middle) ?? 0) + 1);
      }
    }
    // The middle may come from any of the 25 pixels.
    expect(counts.size).toBe(25);
    for (const count of counts.values()) expect(Math.abs(count - 160)).toBeLessThan(63);
  });
});

describe('parseAugmentation', () => {
  it('reads what it may hold', () => {
    expect(parseAugmentation('flip')).toEqual({ flip: true, shifts: [] });
    expect(parseAugmentation('crop:4, shift:2:edge')).toEqual({
      flip: false,
      shifts: [
        { most: 2, edge: true },
        { most: 4, edge: false },
      ],
    });
  });

  it.each([
    '',
    'flip:2',
    'shift',
    'shift:0',
    'crop:-1',
    'crop:2:black',
    'flip,flip',
    'rotate:3',
    'flip,',
  ])('refuses %j', async (text) => {
    await expectDataError(() => parseAugmentation(text), 'DATA_OPTION', 'augment', 'crop:N');
  });

  it('is for images that are large enough', async () => {
    const how = parseAugmentation('shift:7');
    const image = { kind: 'image' } as const;
    expect(() => {
      checkAugmentation(how, 'a', { shape: [8, 8, 1], format: image });
    }).not.toThrow();
    await expectDataError(
      () => {
        checkAugmentation(how, 'a', { shape: [7, 8, 1], format: image });
      },
      'DATA_OPTION',
      '[7, 8, 1]',
      '7 pixels',
    );
    await expectDataError(
      () => {
        checkAugmentation(how, 'a', { shape: [64], format: image });
      },
      'DATA_OPTION',
      '[64]',
      'images',
    );
  });
});
