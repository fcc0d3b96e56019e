/** Folders of small grey images. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { image, pattern } from './files.ts';

export async function writeGrey(
  path: string,
  start: number,
  size: [number, number] = [4, 5],
): Promise<void> {
  const [height, width] = size;
  const pixels = pattern(height * width, start);
  await writeFile(path, await image('png', pixels, [height, width, 1]));
}

/** `count` grey 4x5 images named a000.png ... */
export async function writeImages(folder: string, count: number, start = 0): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    await writeGrey(join(folder, `a${String(i).padStart(3, '0')}.png`), start + 20 * i);
  }
}
