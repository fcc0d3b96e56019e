import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createArena } from './arena.ts';
import { layoutArena, type ArenaSpec } from './arenaLayout.ts';

const specs: fc.Arbitrary<ArenaSpec> = fc.record({
  parameters: fc
    .array(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }), { minLength: 1 })
    .map((shapes) => shapes.map((shape, i) => ({ name: `p${i}`, shape }))),
  slots: fc.integer({ min: 1, max: 20 }),
  metrics: fc.integer({ min: 1, max: 5 }),
  moments: fc.integer({ min: 0, max: 2 }),
  workers: fc.integer({ min: 1, max: 9 }),
  clip: fc.boolean(),
  scratch: fc.boolean(),
});

it('starts every block and tensor on a cache line, in order, without overlap', () => {
  fc.assert(
    fc.property(specs, (spec) => {
      const { offsets, tensors, parameterFloats, pages } = layoutArena(spec);
      const starts = Object.values(offsets);
      expect(starts.every((offset) => offset % 64 === 0)).toBe(true);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      expect(offsets.slots - offsets.reduced).toBeGreaterThanOrEqual(
        spec.clip ? parameterFloats * 4 : 0,
      );
      expect(offsets.reduced - offsets.moments).toBe(2 * spec.moments * parameterFloats * 4);
      let end = 0;
      for (const { start, length } of tensors) {
        expect((start * 4) % 64).toBe(0);
        expect(start).toBeGreaterThanOrEqual(end);
        end = start + length;
      }
      expect(end).toBeLessThanOrEqual(parameterFloats);
      expect((parameterFloats * 4) % 4096).toBeGreaterThanOrEqual(1088);
      expect((parameterFloats * 4) % 4096).toBeLessThanOrEqual(2560);
      expect(parameterFloats % 16).toBe(0);
      const scratch = spec.scratch ? spec.workers * parameterFloats * 4 : 0;
      expect(pages * 65536).toBeGreaterThanOrEqual(offsets.scratch + scratch);
    }),
  );
});

it('says how much memory an arena too large would have taken', () => {
  const spec: ArenaSpec = {
    parameters: [{ name: 'w', shape: [300_000_000] }],
    slots: 4,
    metrics: 1,
    moments: 2,
    workers: 1,
    clip: false,
    scratch: false,
  };
  expect(() => createArena(spec)).toThrow(/GiB it asks for \(\d+ bytes\)/);
});
