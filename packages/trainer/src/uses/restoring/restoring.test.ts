import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '@lockstep/data/audio';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../run/imageGrid.ts';
import { wholeRuns, workerEntry } from '../../testing/wholeRuns.ts';
import { reconstructRun } from '../reconstruct.ts';
import { denoiseRun, type DenoiseOptions } from './denoise.ts';
import { inpaintRun } from './inpaint.ts';
import type { InpaintOptions } from './inpaintOptions.ts';
import { boxMask, readMask } from './mask.ts';
import { addNoise, parseNoise } from './pictureNoise.ts';

const { run, temporary, data } = wholeRuns({ train: 512, test: 40 });
const at = (name: string) => join(temporary, name);
let out: string;

beforeAll(async () => {
  out = (await run({ preset: 'mlp', steps: 120, batchSize: 64, workers: 2 })).out;
});

describe('noise', () => {
  it('is what it says, of each example by itself', () => {
    const clean = new Float32Array(20_000).fill(0.5);
    const damaged = (text: string, values = clean) => addNoise(values, 100, parseNoise(text), 3);
    const gaussian = damaged('gaussian:0.3').map((value) => value - 0.5);
    const square = gaussian.reduce((sum, value) => sum + value * value, 0) / clean.length;
    expect(Math.sqrt(square)).toBeCloseTo(0.3, 2);
    const share = (values: Float32Array, wanted: number): number =>
      values.filter((value) => value === wanted).length / values.length;
    expect(share(damaged('mask:0.25'), 0)).toBeCloseTo(0.25, 1);
    const salt = damaged('salt:0.4');
    expect(share(salt, 1)).toBeCloseTo(0.2, 1);
    expect(share(salt, 0)).toBeCloseTo(0.2, 1);
    expect(damaged('salt:0.4', clean.subarray(0, 300))).toEqual(salt.subarray(0, 300));
    expect(addNoise(clean, 100, parseNoise('salt:0.4'), 4)).not.toEqual(salt);
  });

  it.each(['gaussian', 'gaussian:0', 'mask:1', 'salt:x', 'pepper:0.1'])('is not %s', (text) => {
    expect(() => parseNoise(text)).toThrow(expect.objectContaining({ code: 'CONFIG_NOISE' }));
  });
});

describe('denoise', () => {
  const denoise = (options: Partial<DenoiseOptions>) =>
    denoiseRun(out, { workerEntry, out: at('d.png'), ...options });

  it('takes noise away, and draws before and after', async () => {
    const result = await denoise({ noise: 'gaussian:0.4', count: 5 });
    expect(result).toMatchObject({
      examples: 40,
      shown: 5,
      noise: 'gaussian:0.4',
      path: at('d.png'),
    });
    // -10 log10(0.4^2)
    expect(result.psnr?.noisy).toBeCloseTo(7.96, 0);
    expect(result.psnr?.restored).toBeGreaterThan(15);
    const { width = 0, height } = await sharp(at('d.png')).metadata();
    expect(height).toBeGreaterThanOrEqual(4 * 14);
    expect(width).toBeGreaterThan(5 * 14);
    const picture = readFileSync(at('d.png'));
    await denoise({ noise: 'gaussian:0.4', count: 5, workers: 3 });
    expect(readFileSync(at('d.png'))).toEqual(picture);
  });

  it('of pictures that are noisy already', async () => {
    const images = join(data, 't10k-images-idx3-ubyte');
    const result = await denoise({ data: images, examples: 7, count: 9 });
    expect(result).toMatchObject({ examples: 7, shown: 7 });
    expect(result.psnr).toBeUndefined();
    await expect(denoise({})).rejects.toMatchObject({ code: 'CONFIG_NOTHING_NOISY' });
  });
});

describe('masks', () => {
  const shape = [4, 6, 3];

  it('are boxes', () => {
    const mask = boxMask([1, 2, 2, 3], [4, 6, 1]);
    const rows = [0, 1, 2, 3].map((y) => [...mask.subarray(6 * y, 6 * y + 6)].join(''));
    expect(rows).toEqual(['000000', '001110', '001110', '000000']);
    expect(boxMask([1, 2, 2, 3], shape).reduce((sum, value) => sum + value, 0)).toBe(18);
    const outside = [
      [0, 0, 5, 1],
      [3, 0, 2, 1],
      [0, 0, 0, 1],
    ] as const;
    for (const box of outside) {
      expect(() => boxMask(box, shape)).toThrow(expect.objectContaining({ code: 'CONFIG_BOX' }));
    }
  });

  it('are pictures or arrays of the same size', async () => {
    const pixels = Uint8Array.from({ length: 24 }, (_, i) => (i % 6 === 5 ? 255 : 0));
    const grid = { pixels, width: 6, height: 4, channels: 1 } as const;
    writeFileSync(at('mask.png'), (await encodePng(grid)).png);
    const header = "{'descr': '|b1', 'fortran_order': False, 'shape': (4, 6), }".padEnd(117) + '\n';
    const head = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}`, 'latin1');
    writeFileSync(at('mask.npy'), Buffer.concat([head, pixels.map((value) => value / 255)]));
    const wanted = boxMask([0, 5, 4, 1], shape);
    expect(await readMask(at('mask.png'), shape)).toEqual(wanted);
    expect(await readMask(at('mask.npy'), shape)).toEqual(wanted);
    for (const name of ['mask.png', 'mask.npy']) {
      await expect(readMask(at(name), [4, 7, 1])).rejects.toMatchObject({
        code: 'RUN_MASK_SIZE',
        got: '4 x 6',
      });
    }
    const rgba = pixels.reduce<number[]>((all, alpha) => [...all, 255, 255, 255, alpha], []);
    const raw = { width: 6, height: 4, channels: 4 } as const;
    await sharp(Buffer.from(rgba), { raw }).png().toFile(at('alpha.png'));
    expect(await readMask(at('alpha.png'), shape)).toEqual(wanted);
    await sharp(Buffer.from(pixels), { raw: { ...raw, channels: 1 } })
      .jpeg({ quality: 100 })
      .toFile(at('mask.jpg'));
    expect(await readMask(at('mask.jpg'), shape)).toEqual(wanted);
    const black = { ...grid, pixels: new Uint8Array(24) };
    writeFileSync(at('black.png'), (await encodePng(black)).png);
    await expect(readMask(at('black.png'), shape)).rejects.toMatchObject({
      code: 'RUN_BAD_MASK',
      fix: 'Paint what is hidden white.',
    });
    writeFileSync(at('text.png'), 'no picture');
    await expect(readMask(at('text.png'), shape)).rejects.toMatchObject({ code: 'RUN_BAD_MASK' });
    await expect(readMask(at('none.png'), shape)).rejects.toMatchObject({
      code: 'RUN_BAD_MASK',
      got: 'nothing at that path',
    });
  });
});

describe('inpaint', () => {
  const inpaint = async (options: Partial<InpaintOptions>) => {
    const given = { workerEntry, out: at('i.png'), steps: 20, completions: 2, ...options };
    const result = await inpaintRun(out, given);
    if (result.kind !== 'pictures') throw new Error('no pictures');
    return result;
  };

  it('completes what is hidden, nearer to the truth than nothing', async () => {
    const result = await inpaint({ box: [0, 6, 12, 6], examples: 20 });
    expect(result).toMatchObject({
      examples: 20,
      completions: 2,
      steps: 20,
      hidden: 72,
      values: 144,
    });
    // Left and right half of a bar are alike.
    expect(result.psnr.completion).toBeGreaterThan(result.psnr.black + 5);
    expect(result.psnr.mean).toBeGreaterThanOrEqual(result.psnr.completion);
    const picture = readFileSync(at('i.png'));
    const again = await inpaint({ box: [0, 6, 12, 6], examples: 20, workers: 3 });
    expect(again).toEqual(result);
    expect(readFileSync(at('i.png'))).toEqual(picture);
    const other = await inpaint({ box: [0, 6, 12, 6], examples: 20, seed: 1 });
    expect(other.psnr).not.toEqual(result.psnr);
  });

  it('needs one mask, that fits', async () => {
    const refused = { out: at('never.png') };
    await expect(inpaint(refused)).rejects.toMatchObject({ code: 'CONFIG_MASK' });
    await expect(inpaint({ ...refused, box: [0, 0, 13, 1] })).rejects.toMatchObject({
      code: 'CONFIG_BOX',
    });
    await expect(inpaint({ ...refused, mask: at('mask.png') })).rejects.toMatchObject({
      code: 'RUN_MASK_SIZE',
    });
    await expect(inpaint({ ...refused, box: [0, 0, 2, 2], hide: 0.1 })).rejects.toMatchObject({
      code: 'CONFIG_USELESS_FLAG',
    });
    await expect(inpaint({ box: [0, 0, 2, 2], out: at('never.csv') })).rejects.toMatchObject({
      code: 'CONFIG_OUT_FILE',
    });
    expect(existsSync(refused.out)).toBe(false);
  });
});

describe('sound', () => {
  let sounds: string;
  beforeAll(async () => {
    const folder = at('sounds');
    mkdirSync(folder);
    for (let i = 0; i < 10; i++) {
      // A low tone that comes and goes, and silence after it.
      const tone = Float32Array.from({ length: 4000 }, (_, t) =>
        t < 2000
          ? Math.sin((t * Math.PI) / 2000) ** 2 * Math.sin((t * (250 + 5 * i) * Math.PI) / 4000)
          : 0,
      );
      writeFileSync(join(folder, `${i}.wav`), writeWav(tone, 8000));
    }
    const settings = { preset: 'audio', steps: 2, batchSize: 4, workers: 1 } as const;
    sounds = (await run({ ...settings, data: `audio:${folder}` })).out;
  });

  it('is drawn upright, and boxes and masks are of what is drawn', async () => {
    const options = { workerEntry, part: 'train', examples: 1, count: 1 } as const;
    const [pairs, rows] = [at('sound-pairs.png'), at('sound.png')];
    await reconstructRun(sounds, { workerEntry, part: 'train', count: 1, seed: 0, out: pairs });
    const { width = 0, height = 0 } = await sharp(pairs).metadata();
    // One under the other, 2 pixels around each.
    const [frames, mels] = [width - 4, (height - 6) / 2];
    await denoiseRun(sounds, { ...options, noise: 'mask:0.1', out: rows });
    for (const picture of [pairs, rows]) {
      const names = ((await sharp(picture).metadata()).width ?? 0) - width;
      const light = async (left: number, top: number, w: number, h: number): Promise<number> => {
        const place = { left: names + 2 + left, top: 2 + top, width: w, height: h };
        const { data } = await sharp(picture)
          .extract(place)
          .greyscale()
          .raw()
          .toBuffer({ resolveWithObject: true });
        return data.reduce((sum, value) => sum + value, 0);
      };
      const below = await light(0, mels / 2, frames, mels / 2);
      expect(below).toBeGreaterThan(1.1 * (await light(0, 0, frames, mels / 2)));
      const early = await light(0, 0, frames / 2, mels);
      expect(early).toBeGreaterThan(1.1 * (await light(frames / 2, 0, frames / 2, mels)));
    }
    const inpainted = async (hidden: Pick<InpaintOptions, 'mask' | 'box'>) => {
      const few = { ...options, steps: 1, completions: 1, out: at('sound-i.png') };
      const result = await inpaintRun(sounds, { ...few, ...hidden });
      if (result.kind !== 'pictures') throw new Error('no pictures');
      return result;
    };
    const half = mels / 2;
    const low = await inpainted({ box: [half, 0, half, frames] });
    const high = await inpainted({ box: [0, 0, half, frames] });
    // The quieter half is nearer to silence.
    expect(high.psnr.black).toBeGreaterThan(low.psnr.black + 1);
    const pixels = new Uint8Array(frames * mels).fill(255, frames * half);
    const mask = { pixels, width: frames, height: mels, channels: 1 } as const;
    writeFileSync(at('sound-mask.png'), (await encodePng(mask)).png);
    expect(await inpainted({ mask: at('sound-mask.png') })).toEqual(low);
  });
});
