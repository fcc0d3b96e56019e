import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createArena } from './arena.ts';
import { layoutArena, type ArenaSpec } from './arenaLayout.ts';

const specs: fc.Arbitrary<ArenaSpec> = fc.record({
  parameters: fc
    .array(
      fc.record({
        shape: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
        phase: fc.nat(1),
        group: fc.nat(2),
      }),
      { minLength: 1 },
    )
    .map((tensors) => tensors.map((tensor, i) => ({ name: `p${i}`, ...tensor }))),
  slots: fc.integer({ min: 1, max: 20 }),
  metrics: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 })),
  moments: fc.integer({ min: 0, max: 2 }),
  workers: fc.integer({ min: 1, max: 9 }),
  ema: fc.boolean(),
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
      expect(offsets.ema - offsets.moments).toBe(2 * spec.moments * parameterFloats * 4);
      expect(offsets.reduced - offsets.ema).toBe(spec.ema ? 2 * parameterFloats * 4 : 0);
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

it('cuts every tensor into chunks of its phase and group, each of its floats once', () => {
  fc.assert(
    fc.property(specs, (spec) => {
      const { tensors, phases, chunks } = layoutArena(spec);
      expect(phases.reduce((sum, phase) => sum + phase.chunks.length, 0)).toBe(chunks);
      for (const [phase, layout] of phases.entries()) {
        for (const { start, length } of layout.chunks) {
          expect([start % 16, length % 16, length > 0, length <= 16384]).toEqual([
            0,
            0,
            true,
            true,
          ]);
        }
        for (const tensor of tensors) {
          const inside = layout.chunks.map(({ start, length, group }) => ({
            group,
            floats:
              Math.min(start + length, tensor.start + tensor.length) -
              Math.max(start, tensor.start),
          }));
          const own = inside.filter(({ floats }) => floats > 0);
          const floats = own.reduce((sum, part) => sum + part.floats, 0);
          expect(floats).toBe(tensor.phase === phase ? tensor.length : 0);
          expect(own.every(({ group }) => group === tensor.group)).toBe(true);
        }
      }
    }),
  );
});

it.each([
  ['larger than any memory', 300_000_000],
  // Its chunks alone are more objects than a process can hold.
  ['a thousand times larger', 1_000_000_000_000],
])('says how much memory an arena %s would have taken', (_, length) => {
  const spec: ArenaSpec = {
    parameters: [{ name: 'w', shape: [length] }],
    slots: 4,
    metrics: [1],
    moments: 2,
    workers: 1,
    clip: false,
    scratch: false,
  };
  expect(() => createArena(spec)).toThrow(/GiB \(\d+ bytes\)/);
});
