import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseNpy } from '../exchange/parseNpy.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { embedRun, type EmbedOptions } from './embed.ts';

const { run, temporary, data } = wholeRuns({ train: 256, test: 96 });
let plane: string;
let wide: string;

beforeAll(async () => {
  const settings = { steps: 20, batchSize: 64, workers: 2 } as const;
  plane = (await run({ ...settings, preset: 'mlp-2d' })).out;
  wide = (await run({ ...settings, preset: 'mlp', modelOptions: { latentDim: 5 } })).out;
});

const at = (name: string) => join(temporary, name);
const embed = (from: string, options: Partial<EmbedOptions>) =>
  embedRun(from, { workerEntry, ...options });

describe('latents as a table', () => {
  it('are the same with any number of workers', async () => {
    const result = await embed(plane, { out: at('one.csv'), workers: 1 });
    await embed(plane, { out: at('three.csv'), workers: 3 });
    const text = readFileSync(at('one.csv'), 'utf8');
    expect(readFileSync(at('three.csv'), 'utf8')).toBe(text);
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toBe('example,label,mu0,mu1,logVar0,logVar1');
    expect(lines).toHaveLength(97);
    expect(lines[7]).toMatch(/^6,2,-?[\d.e-]+,/);
    expect(result).toMatchObject({
      examples: 96,
      latents: { output: 'mu', dim: 2, hasLogVar: true },
      files: [{ kind: 'latents', path: at('one.csv') }],
    });
    // The mean over the table: 1/2 (mu^2 + sigma^2 - 1 - log sigma^2).
    const rows = lines.slice(1).map((line) => line.split(',').map(Number));
    result.kl?.forEach((kl, j) => {
      const terms = rows.map((row) => {
        const [mu, logVar] = [row[2 + j] ?? NaN, row[4 + j] ?? NaN];
        return (mu ** 2 + Math.exp(logVar) - 1 - logVar) / 2;
      });
      expect(kl).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 96, 5);
    });
  });

  it('are the same numbers in every format', async () => {
    await embed(wide, { out: at('a.parquet'), count: 10 });
    const { files } = await embed(wide, { out: at('a.npy'), count: 10 });
    expect(files.map(({ path }) => path)).toEqual([at('a.npy'), at('a.logVar.npy')]);
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(at('a.parquet')) });
    const mu = parseNpy(readFileSync(at('a.npy')), 'a.npy');
    const logVar = parseNpy(readFileSync(at('a.logVar.npy')), 'a.logVar.npy');
    expect([mu.shape, logVar.shape]).toEqual([
      [10, 5],
      [10, 5],
    ]);
    const named = (name: string) =>
      rows.flatMap((row) => [0, 1, 2, 3, 4].map((j) => Number(row[`${name}${j}`])));
    expect([...(mu.values?.() ?? [])]).toEqual(named('mu'));
    expect([...(logVar.values?.() ?? [])]).toEqual(named('logVar'));
  });

  it('of another part, or of other data', async () => {
    expect(await embed(plane, { out: at('t.csv'), part: 'train' })).toMatchObject({
      examples: 256,
    });
    const images = join(data, 't10k-images-idx3-ubyte');
    await embed(plane, { out: at('other.csv'), data: images });
    await embed(plane, { out: at('own.csv') });
    const columns = (name: string, from: number) =>
      readFileSync(at(name), 'utf8')
        .split('\r\n')
        .map((line) => line.split(',').slice(from));
    expect(columns('other.csv', -4)).toEqual(columns('own.csv', -4));
  });

  it('leave neither file where the second cannot be written', async () => {
    mkdirSync(at('c.logVar.npy'));
    // A name that the longer one of the two makes too long for a file system.
    const long = 'c'.padEnd(241 - String(process.pid).length, 'c');
    for (const out of [at('c.npy'), at(`${long}.npy`)]) {
      await expect(embed(wide, { out })).rejects.toMatchObject({ code: 'RUN_WRITE_FAILED' });
    }
    expect(readdirSync(temporary).filter((name) => /^\.?c/.test(name))).toEqual(['c.logVar.npy']);
  });

  it('leave nothing behind where they cannot be written', async () => {
    const before = readdirSync(temporary);
    await expect(embed(wide, { out: at('a.npy/x.csv') })).rejects.toMatchObject({
      code: 'RUN_WRITE_FAILED',
    });
    expect(readdirSync(temporary)).toEqual(before);
  });
});

describe('latents as pictures', () => {
  it('of two dimensions: a scatter plot, and the manifold', async () => {
    const options = { plot: at('p/scatter.svg'), manifold: at('p/manifold.png') };
    const { files, projection } = await embed(plane, options);
    expect(files.map(({ kind }) => kind)).toEqual(['scatter', 'manifold']);
    expect(projection).toBe('2 latent dimensions');
    const svg = readFileSync(options.plot, 'utf8');
    for (const label of [0, 1, 2, 3]) expect(svg).toContain(`>${label}</text>`);
    const { width, height } = await sharp(options.manifold).metadata();
    expect([width, height]).toEqual([240, 240]);
  });

  it('of more: their principal components or UMAP, and bars of their KL', async () => {
    const first = await embed(wide, { plot: at('pca.png'), klPlot: at('kl.svg') });
    expect(first.projection).toBe('first 2 principal components of 5 latent dimensions');
    const names = readFileSync(at('kl.svg'), 'utf8').match(/>z\d<\/text>/g);
    expect(names?.length).toBe(5);
    const second = await embed(wide, { plot: at('umap.png'), projection: 'umap', count: 40 });
    expect(second.projection).toBe('UMAP of 5 latent dimensions');
    expect((await sharp(at('umap.png')).metadata()).format).toBe('png');
  });
});

describe('what cannot be', () => {
  it.each<[string, Partial<EmbedOptions>, string]>([
    ['nothing to write', {}, 'CONFIG_NOTHING_TO_WRITE'],
    ['another kind of table', { out: 'a.xlsx' }, 'CONFIG_TABLE_FILE'],
    ['another kind of plot', { plot: 'a.pdf' }, 'CONFIG_PLOT_FILE'],
    ['a projection of nothing', { out: 'a.csv', projection: 'umap' }, 'CONFIG_USELESS_FLAG'],
    ['a part of other data', { out: 'a.csv', part: 'train', data: 'x' }, 'CONFIG_DATA_PART'],
    ['a part that is not there', { out: 'a.csv', part: 'validation' }, 'RUN_NO_SUCH_PART'],
    ['the manifold of five dimensions', { manifold: 'a.png' }, 'RUN_NO_PLANE'],
    ['a seed of nothing random', { plot: 'a.png', seed: 1 }, 'CONFIG_USELESS_FLAG'],
  ])('%s', async (_, options, code) => {
    await expect(embed(wide, options)).rejects.toMatchObject({ code });
    expect(existsSync('a.csv')).toBe(false);
  });

  it('a projection of two dimensions', async () => {
    const options = { plot: at('none.png'), projection: 'pca' } as const;
    await expect(embed(plane, options)).rejects.toMatchObject({
      code: 'CONFIG_USELESS_FLAG',
      where: '--projection',
    });
    expect(existsSync(options.plot)).toBe(false);
  });
});
