import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../math/normalQuantile.ts';
import { portableAtan2 } from '../math/portableAtan2.ts';
import { recordedRows } from '../testing/metricVectors.ts';
import { scoreVectors } from '../testing/scoreVectors.ts';
import { expectClose } from '../testing/values.ts';
import { interpolateLinear, interpolateSpherical } from './interpolate.ts';
import { latentKl, latentOrder } from './latentKl.ts';
import { manifoldPoints } from './manifoldPoints.ts';
import { principalComponents } from './principalComponents.ts';
import { quantile } from './quantile.ts';
import { rowsOf } from './rows.ts';

describe('principal components: scikit-learn', () => {
  const recorded = scoreVectors.components;
  const rows = recordedRows(recorded.rows);
  const fitted = principalComponents(rows, 3);

  it('are the same, signs too', () => {
    expectClose(fitted.components.data, recorded.components, 1e-9);
    expectClose(fitted.variances, recorded.variances, 1e-12);
    expectClose(fitted.shares, recorded.shares, 1e-12);
    expectClose(fitted.project(rows).data, recorded.projected, 1e-9);
  });

  it('of rows that do not vary are directions without variance', () => {
    const { variances, shares, project } = principalComponents(
      rowsOf(new Float64Array(12).fill(4), 3),
      2,
    );
    expect([...variances, ...shares]).toEqual([0, 0, 0, 0]);
    expect([...project(rowsOf(Float64Array.from([4, 4, 4]), 3)).data]).toEqual([0, 0]);
  });

  it('need two rows, and are no more than their numbers', () => {
    expect(() => principalComponents(rowsOf(new Float64Array(3), 3), 2)).toThrow(RangeError);
    expect(() => principalComponents(rowsOf(new Float64Array(6), 3), 4)).toThrow(RangeError);
  });
});

describe('spherical interpolation', () => {
  it.each(scoreVectors.slerps)("is SciPy's on the unit sphere", ({ a, b, ts, points }) => {
    ts.forEach((t, i) => expectClose(interpolateSpherical(a, b, t), points[i] ?? [], 1e-14));
  });

  it('goes from length to length', () => {
    expectClose(interpolateSpherical([2, 0], [0, 4], 0.5), [3 / Math.SQRT2, 3 / Math.SQRT2], 1e-15);
  });

  it.each([
    ['from the origin', [0, 0], [2, 2], [0.5, 0.5]],
    ['in one direction', [1, 1], [3, 3], [1.5, 1.5]],
    ['between equal points', [1, 2], [1, 2], [1, 2]],
  ])('%s is linear', (_, a, b, quarter) => {
    expectClose(interpolateSpherical(a, b, 0.25), quarter, 1e-15);
  });

  it('between opposite points turns towards the axis of least part', () => {
    const [a, b] = [
      [3, 0, 4],
      [-3, 0, -4],
    ];
    expectClose(interpolateSpherical(a, b, 0.5), [0, 5, 0], 1e-15);
    expectClose(interpolateSpherical(a, b, 1), b, 1e-15);
  });

  it('between almost opposite points keeps the length', () => {
    const point = interpolateSpherical([1, 0], [-2, 1e-9], 0.5);
    expect(Math.hypot(...point)).toBeCloseTo(1.5, 12);
  });

  it('asks for points of one space', () => {
    expect(() => interpolateSpherical([1], [1, 2], 0)).toThrow(/1 and 2 dimensions/);
  });
});

it('linear interpolation is a weighted mean', () => {
  expect([...interpolateLinear([0, 4], [8, 0], 0.25)]).toEqual([2, 3]);
});

it.each(scoreVectors.normalQuantiles)('the normal quantile at $share is that of SciPy', (point) => {
  const z = normalQuantile(point.share);
  expect(Math.abs(z - point.z)).toBeLessThanOrEqual(1e-14 * Math.abs(point.z));
});

it.each([0, 1, -0.1, NaN])('there is no normal quantile at %d', (share) => {
  expect(() => normalQuantile(share)).toThrow(RangeError);
});

it('angles are those of Math.atan2', () => {
  for (let i = 0; i <= 1000; i++) {
    const angle = (i / 1000) * Math.PI;
    const [y, x] = [Math.max(0, Math.sin(angle)) * 3, Math.cos(angle) * 3];
    expect(Math.abs(portableAtan2(y, x) - Math.atan2(y, x))).toBeLessThan(1e-15);
  }
  expect(() => portableAtan2(0, 0)).toThrow(RangeError);
});

it('the KL of each latent dimension is its closed form, and orders them', () => {
  // By hand: 1/2 (mu^2 + sigma^2 - 1 - ln sigma^2), the mean over two examples.
  const mu = rowsOf(Float64Array.from([0, 1, 2, 0, -1, 0]), 3);
  const logVar = rowsOf(Float64Array.from([0, 0, Math.log(0.25), 0, 0, Math.log(4)]), 3);
  const kl = latentKl({ mu, logVar });
  const third = [4 + 0.25 - 1 - Math.log(0.25), 4 - 1 - Math.log(4)];
  expectClose(kl, [0, 0.5, (third[0]! + third[1]!) / 4], 1e-14);
  expect([...latentOrder(kl)]).toEqual([2, 1, 0]);
  expect([...latentOrder([1, 3, 3])]).toEqual([1, 2, 0]);
});

it('quantiles are linear between values', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([1, 2, 4, 8], share))).toEqual([
    1,
    1.75,
    3,
    expect.closeTo(6.8, 12),
    8,
  ]);
  expect(quantile([5], 0.3)).toBe(5);
  expect(quantile([1, Infinity, Infinity], 0.9)).toBe(Infinity);
});

it('the manifold has the quantiles of the prior, z_1 upward', () => {
  const q = normalQuantile(5 / 6);
  expectClose(
    manifoldPoints(3, 2),
    [q, 0, -q].flatMap((z1) => [normalQuantile(0.25), z1, normalQuantile(0.75), z1]),
    1e-7,
  );
});
