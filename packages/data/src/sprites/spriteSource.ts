/**
 * Sprites: white shapes on black whose factors of variation are known (shape, scale, rotation, x, y),
 * drawn here, so that disentanglement can be measured without any file. After dSprites (Matthey,
 * Higgins, Hassabis, Lerchner, 2017), of which it has the factors, but antialiased, and drawn at
 * random instead of in all combinations. The label is the shape.
 *
 * 64 x 64 unless another size is asked for: they are drawn in that size, not resized.
 */
import { DataError } from '../errors.ts';
import { channelsOf } from '../pixels/color.ts';
import type { TransformOptions } from '../pixels/transform.ts';
import type { ExampleSource } from '../sources/exampleSource.ts';
import {
  canvasOf,
  drawFactors,
  ROTATIONS,
  scaleOf,
  SHAPES,
  spriteFactors,
  type Canvas,
} from './spriteFactors.ts';
import { drawMask, type Mask } from './spriteMask.ts';

const COUNTS = { train: 20_000, test: 5_000 } as const;
const STREAMS = { train: 0, test: 1 } as const;
const SIDE = 64;
const LEAST_SIDE = 16;
const MOST_SIDE = 256;

/** Throws DATA_OPTION where the size asked for is too small or too large to draw on. */
export function openSprites(
  part: keyof typeof COUNTS,
  { resize = [SIDE, SIDE], color = 'grey' }: TransformOptions,
): ExampleSource {
  const [height, width] = resize;
  if (Math.min(height, width) < LEAST_SIDE || Math.max(height, width) > MOST_SIDE) {
    throw wrongSize(height, width);
  }
  const canvas = canvasOf(height, width);
  const channels = channelsOf(color);
  const count = COUNTS[part];
  const factors = drawFactors(spriteFactors(canvas), { count, stream: STREAMS[part] });
  const factorCount = factors.specs.length;
  return {
    where: 'sprites',
    shape: [height, width, channels],
    count,
    valueType: 'uint8',
    format: { kind: 'image', classNames: SHAPES },
    labels: Int32Array.from({ length: count }, (_, i) => factors.values[i * factorCount] ?? 0),
    factors,
    async read(target, positions) {
      const masks = new Map<string, Mask>();
      const size = height * width * channels;
      const total = positions?.length ?? count;
      for (let i = 0; i < total; i++) {
        const example = positions ? (positions[i] ?? 0) : i;
        drawSprite(target.subarray(i * size, (i + 1) * size), {
          canvas,
          channels,
          values: factors.values.subarray(example * factorCount, (example + 1) * factorCount),
          masks,
        });
      }
    },
  };
}

interface Drawing {
  readonly canvas: Canvas;
  readonly channels: number;
  /** One of each factor. */
  readonly values: Uint8Array;
  /** Drawn before, by shape, scale and rotation. */
  readonly masks: Map<string, Mask>;
}

function drawSprite(target: Uint8Array, { canvas, channels, values, masks }: Drawing): void {
  const [shape = 0, scale = 0, rotation = 0, x = 0, y = 0] = values;
  const key = `${shape} ${scale} ${rotation % ROTATIONS}`;
  const mask =
    masks.get(key) ??
    drawMask(SHAPES[shape] ?? 'square', {
      radius: canvas.margin,
      scale: scaleOf(scale),
      rotation,
    });
  masks.set(key, mask);
  target.fill(0);
  const side = 2 * mask.radius;
  mask.pixels.forEach((value, at) => {
    if (value === 0) return;
    // The center is at column margin + x: the mask begins at x.
    const pixel = (y + Math.floor(at / side)) * canvas.width + x + (at % side);
    target.fill(value, pixel * channels, (pixel + 1) * channels);
  });
}

function wrongSize(height: number, width: number): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where: 'sprites',
    expected: `a height and a width from ${LEAST_SIDE} to ${MOST_SIDE} pixels`,
    got: `${height}x${width}`,
    fix: `Draw them larger or smaller (--resize), or leave it out for ${SIDE}x${SIDE}.`,
  });
}
