import { describe, expect, it } from 'vitest';
import { cosSinTurns, logFloat32 } from './float32Math.ts';

/** Distance in units of the last place of a float32 near `exact`. */
function ulps(value: number, exact: number): number {
  const magnitude = Math.max(Math.abs(exact), 2 ** -126);
  const ulp = 2 ** (Math.floor(Math.log2(magnitude)) - 23);
  return Math.abs(value - exact) / ulp;
}

/** Every 1009th of the 2^23 values a uniform can take, and both ends. */
const uniforms: number[] = [];
for (let k = 0; k < 2 ** 23; k += 1009) uniforms.push((k + 0.5) / 2 ** 23);
uniforms.push(1 - 2 ** -24);

describe('logFloat32', () => {
  it('is within 2 ulp of float64 log over (0, 1)', () => {
    expect(Math.max(...uniforms.map((u) => ulps(logFloat32(u), Math.log(u))))).toBeLessThan(2);
  });

  it('is within 2 ulp of float64 log for large and small arguments', () => {
    for (let exponent = -126; exponent <= 126; exponent++) {
      const u = Math.fround(1.37 * 2 ** exponent);
      expect(ulps(logFloat32(u), Math.log(u))).toBeLessThan(2);
    }
  });

  it('is exactly zero at one', () => {
    expect(logFloat32(1)).toBe(0);
  });

  it('returns float32 values', () => {
    for (const u of uniforms.slice(0, 1000)) {
      expect(Math.fround(logFloat32(u))).toBe(logFloat32(u));
    }
  });
});

describe('cosSinTurns', () => {
  const out = new Float32Array(2);

  it('is within 2e-7 of float64 cos and sin, and within a few ulp away from their zeros', () => {
    let absolute = 0;
    let relative = 0;
    for (const u of uniforms) {
      cosSinTurns(u, out, 0);
      const exact = [Math.cos(2 * Math.PI * u), Math.sin(2 * Math.PI * u)];
      for (const [i, value] of exact.entries()) {
        absolute = Math.max(absolute, Math.abs((out[i] ?? NaN) - value));
        if (Math.abs(value) > 0.01) relative = Math.max(relative, ulps(out[i] ?? NaN, value));
      }
    }
    expect(absolute).toBeLessThan(2e-7);
    expect(relative).toBeLessThan(3);
  });

  it('is exact at the quarters', () => {
    const quarters = [0, 0.25, 0.5, 0.75, 1].map((u) => {
      cosSinTurns(u, out, 0);
      return [...out].map((value) => value + 0); // -0 to 0
    });
    expect(quarters).toEqual([
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
      [1, 0],
    ]);
  });
});
