/**
 * Pictures of a run: images in a grid, as PNG.
 *
 * N images, H rows, W columns, C channels: 1 grey, 3 red-green-blue. Values in [0, 1].
 */
import { RunError } from '../errors.ts';

export interface Images {
  readonly data: Float32Array; // [N, H, W, C]
  readonly shape: readonly number[];
}

/** Bytes [height, width, channels]. */
export interface Grid {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

export interface PngImage {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

export interface GridOptions {
  /** Images in a row; about a square by default. */
  readonly columns?: number;
  /** Black pixels between images and around the grid. */
  readonly padding?: number;
}

export function imageGrid(images: Images, options: GridOptions = {}): Grid {
  const [count = 0] = images.shape;
  const columns = options.columns ?? Math.max(Math.ceil(Math.sqrt(count)), 1);
  const cells = Array.from({ length: count }, (_, i) => ({ images, index: i }));
  return drawCells(cells, images.shape, columns, options.padding);
}

/** Pairs of rows: originals, and under them their reconstructions. */
export function reconstructionGrid(
  originals: Images,
  reconstructions: Images,
  options: GridOptions = {},
): Grid {
  return stackedGrid([originals, reconstructions], options);
}

/**
 * A row of each set under each other, as often as there are more than `columns` images: before and
 * after, and what else was made of the same images.
 * @param sets of one shape
 */
export function stackedGrid(sets: readonly Images[], options: GridOptions = {}): Grid {
  const [shape = []] = sets.map((images) => images.shape);
  for (const images of sets) {
    if (images.shape.join() !== shape.join()) {
      throw new Error(`shapes ${shape.join()} and ${images.shape.join()}`);
    }
  }
  const [count = 0] = shape;
  const columns = options.columns ?? Math.max(Math.ceil(Math.sqrt(count)), 1);
  const cells: (Cell | undefined)[] = [];
  for (let row = 0; row < count; row += columns) {
    for (const images of sets) {
      for (let i = row; i < row + columns; i++) {
        cells.push(i < count ? { images, index: i } : undefined);
      }
    }
  }
  return drawCells(cells, shape, columns, options.padding);
}

/** Loads the PNG encoder on first use. */
export async function encodePng({ pixels, width, height, channels }: Grid): Promise<PngImage> {
  const { encode } = await import('fast-png');
  const png = encode({ data: pixels, width, height, channels, depth: 8 });
  return { png, width, height, channels };
}

interface Cell {
  readonly images: Images;
  readonly index: number;
}

function drawCells(
  cells: readonly (Cell | undefined)[],
  shape: readonly number[],
  columns: number,
  padding = 2,
): Grid {
  const [, h = 0, w = 0] = shape;
  const channels = channelsOf(shape);
  const width = columns * (w + padding) + padding;
  const height = Math.ceil(cells.length / columns) * (h + padding) + padding;
  const pixels = new Uint8Array(height * width * channels);
  cells.forEach((cell, at) => {
    if (cell === undefined) return;
    const top = padding + Math.floor(at / columns) * (h + padding);
    const left = padding + (at % columns) * (w + padding);
    const from = cell.index * h * w * channels;
    const rowLength = w * channels;
    for (let y = 0; y < h; y++) {
      const target = ((top + y) * width + left) * channels;
      for (let i = 0; i < rowLength; i++) {
        pixels[target + i] = toByte(cell.images.data[from + y * rowLength + i] ?? 0);
      }
    }
  });
  return { pixels, width, height, channels };
}

function channelsOf(shape: readonly number[]): 1 | 3 {
  const channels = shape[3];
  if (shape.length === 4 && (channels === 1 || channels === 3)) return channels;
  throw new RunError({
    code: 'RUN_NOT_IMAGES',
    where: 'pictures',
    expected: 'images of shape [count, height, width, 1 or 3]',
    got: `[${shape.join(', ')}]`,
    fix: 'Only models whose examples are grey or color images can be drawn.',
  });
}

/** NaN becomes 0. */
function toByte(value: number): number {
  return value > 0 ? Math.min(Math.round(value * 255), 255) : 0;
}
