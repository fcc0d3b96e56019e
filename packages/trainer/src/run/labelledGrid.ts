/**
 * A grid of images with names beside its rows and above its columns, as PNG. Small images are drawn
 * larger, pixel by pixel, so that there is room for the names; these are set in what fonts the machine has.
 */
import type { Grid, PngImage } from './imageGrid.ts';

export interface GridLabels {
  /** From the top, one a row. */
  readonly rows?: readonly string[];
  /** From the left, one a column. */
  readonly columns?: readonly string[];
}

/** Pixels. */
const FONT = 13;
const LEAST_ROW = 20;
const LEAST_COLUMN = 40;
const GAP = 8;
/** A character is about so wide. */
const CHARACTER = 0.62 * FONT;
const MOST_CHARACTERS = 28;

/** Loads the image library. */
export async function encodeLabelledPng(grid: Grid, labels: GridLabels): Promise<PngImage> {
  const { rows = [], columns = [] } = labels;
  const scale = Math.max(
    1,
    rows.length > 0 ? Math.ceil((LEAST_ROW * rows.length) / grid.height) : 1,
    columns.length > 0 ? Math.ceil((LEAST_COLUMN * columns.length) / grid.width) : 1,
  );
  const [width, height] = [grid.width * scale, grid.height * scale];
  const left = Math.ceil(Math.max(0, ...rows.map(widthOf)) + (rows.length > 0 ? 2 * GAP : 0));
  const top = columns.length > 0 ? FONT + 2 * GAP : 0;
  const names = [
    ...rows.map((name, i) =>
      text(name, left - GAP, top + ((i + 0.5) * height) / rows.length, 'end'),
    ),
    ...columns.map((name, i) =>
      text(name, left + ((i + 0.5) * width) / columns.length, top / 2, 'middle'),
    ),
  ];
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${left + width}" height="${top + height}">${names.join('')}</svg>`;
  const { default: sharp } = await import('sharp');
  const raw = { width: grid.width, height: grid.height, channels: grid.channels };
  const images = await sharp(grid.pixels, { raw })
    .resize(width, height, { kernel: 'nearest' })
    .png()
    .toBuffer();
  const canvas = { width: left + width, height: top + height, channels: 3 } as const;
  const png = await sharp({ create: { ...canvas, background: 'white' } })
    .composite([
      { input: images, left, top },
      { input: Buffer.from(overlay), left: 0, top: 0 },
    ])
    .removeAlpha()
    .png()
    .toBuffer();
  return { png, ...canvas };
}

function widthOf(name: string): number {
  return shortened(name).length * CHARACTER;
}

function shortened(name: string): string {
  return name.length > MOST_CHARACTERS ? `${name.slice(0, MOST_CHARACTERS - 1)}…` : name;
}

function text(name: string, x: number, y: number, anchor: 'end' | 'middle'): string {
  const content = shortened(name).replace(/[&<>]/g, (c) => ESCAPES[c] ?? '');
  return `<text x="${x}" y="${y}" dy="0.35em" font-family="sans-serif" font-size="${FONT}" fill="#222222" text-anchor="${anchor}">${content}</text>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
