import { fillNoise } from '@lockstep/core';
import { meanOf, rowsOf, type Rows } from '@lockstep/core/metrics';
import { describe, expect, it } from 'vitest';
import { projectToPlane } from './projectToPlane.ts';

/** Groups of latents around far points, one after another. */
function grouped(count: number, dim: number, groups: number): Rows {
  const data = new Float32Array(count * dim);
  fillNoise(data, 'normal', { seed: 1, kind: 'sampling', stream: 0, epoch: 0, example: 0 });
  return rowsOf(
    data.map((value, at) => 0.3 * value + (at % dim === Math.floor(at / dim) % groups ? 8 : 0)),
    dim,
  );
}

const pca = { method: 'pca', seed: 0 } as const;

describe('the plane', () => {
  it('of two dimensions are these', async () => {
    const latents = grouped(20, 2, 2);
    const { points, xTitle, yTitle, note } = await projectToPlane(latents, pca);
    expect(points.data).toEqual(latents.data);
    expect([xTitle, yTitle, note]).toEqual(['z0', 'z1', '2 latent dimensions']);
  });

  it('of one is a line', async () => {
    const { points, note } = await projectToPlane(rowsOf(Float32Array.from([1, 2]), 1), pca);
    expect([...points.data]).toEqual([1, 0, 2, 0]);
    expect(note).toBe('1 latent dimension');
  });

  it('of many holds no more points than can be seen', async () => {
    const { points } = await projectToPlane(rowsOf(new Float32Array(40_000), 2), pca);
    expect(points.count).toBe(10_000);
  });

  it('of more has the directions of most variance', async () => {
    // All variance but a little lies in dimension 2.
    const latents = rowsOf(
      Float64Array.from({ length: 300 }, (_, at) => (at % 3 === 2 ? at : (at % 7) * 1e-3)),
      3,
    );
    const { points, xTitle, note } = await projectToPlane(latents, pca);
    expect(points.data[0]).toBeCloseTo(-148.5, 3);
    expect(xTitle).toBe('principal component 1 (100% of the variance)');
    expect(note).toBe('first 2 principal components of 3 latent dimensions');
  });

  it('cannot be made of too few', async () => {
    await expect(projectToPlane(grouped(1, 3, 1), pca)).rejects.toMatchObject({
      code: 'RUN_TOO_FEW_EXAMPLES',
      fix: expect.any(String) as string,
    });
    const umap = { method: 'umap', seed: 0 } as const;
    await expect(projectToPlane(grouped(3, 3, 1), umap)).rejects.toMatchObject({ got: '3' });
  });
});

describe('UMAP', () => {
  const latents = grouped(120, 5, 3);
  const umap = (seed: number) => projectToPlane(latents, { method: 'umap', seed });

  it('keeps groups together, and is one for each seed', async () => {
    const { points, note } = await umap(1);
    expect(note).toBe('UMAP of 5 latent dimensions');
    const groups = [0, 1, 2].map((group) =>
      [0, 1].map((axis) =>
        Array.from({ length: 40 }, (_, i) => points.data[2 * (3 * i + group) + axis] ?? NaN),
      ),
    );
    const centers = groups.map((axes) => axes.map(meanOf));
    groups.forEach(([xs = [], ys = []], group) => {
      xs.forEach((x, i) => {
        const distances = centers.map(([cx = 0, cy = 0]) => Math.hypot(x - cx, (ys[i] ?? 0) - cy));
        expect(distances.indexOf(Math.min(...distances))).toBe(group);
      });
    });
    expect((await umap(1)).points.data).toEqual(points.data);
    expect((await umap(2)).points.data).not.toEqual(points.data);
  });

  it.each([4, 20])('of %i equal rows is finite', async (count) => {
    const equal = rowsOf(new Float64Array(3 * count).fill(1), 3);
    const { points } = await projectToPlane(equal, { method: 'umap', seed: 0 });
    expect(points.data.every((value: number) => Number.isFinite(value))).toBe(true);
  });
});
