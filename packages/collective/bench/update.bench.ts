/**
 * The fused update against a copy of as many bytes. Run with `npx vitest bench --run` in
 * packages/collective, on a quiet machine; on a busy one compare the `min` columns.
 *
 * One thread, chunks of 64 KiB as in training. Reduce + Adam reads the slots, the parameters and two
 * moments and writes the last three: 4 * (slots + 6) bytes a parameter. The copy moves as many,
 * reading half of them and writing half. The aim is 1.25 times its time. With few slots and all of
 * it in the last-level cache Adam's square root and division are the limit instead: on a Zen 4 core
 * those two alone take as long as the copy.
 */
import { bench, describe } from 'vitest';
import { createUpdate } from '../src/optimizers/createUpdate.ts';
import { resolveOptimizer } from '../src/optimizers/config.ts';
import { createBlocks, someFloats, type Blocks } from '../src/testing/blocks.ts';

const CHUNK_FLOATS = 16384;
/** Blocks: parameters of both parities, two moments of both, slots. */
const MOMENTS = 2;
const SLOTS = 6;

/** The MLP preset has 653,000 parameters. */
const PARAMETERS = [653_008, 5_000_000];

function forChunks(floats: number, run: (offset: number, length: number) => void): void {
  for (let start = 0; start < floats; start += CHUNK_FLOATS) {
    run(start * 4, Math.min(CHUNK_FLOATS, floats - start));
  }
}

/** Each call is one step; parities alternate. */
function adamSteps(blocks: Blocks, parameters: number, slotCount: number): () => void {
  const update = createUpdate(blocks.kernels, resolveOptimizer({ name: 'adam' }));
  let step = 0;
  return () => {
    const [from, to] = [step % 2, (step + 1) % 2];
    forChunks(parameters, (offset, length) => {
      const range = {
        slots: blocks.at(SLOTS) + offset,
        slotStride: blocks.at(1),
        slotCount,
        parametersIn: blocks.at(from) + offset,
        parametersOut: blocks.at(to) + offset,
        momentsIn: [blocks.at(MOMENTS + from) + offset, blocks.at(MOMENTS + 2 + from) + offset],
        momentsOut: [blocks.at(MOMENTS + to) + offset, blocks.at(MOMENTS + 2 + to) + offset],
        length,
      };
      update(range, { step, learningRate: 1e-3, scale: 1 / 128 });
    });
    step++;
  };
}

/** From the first half of the blocks to the second. */
function copyHalf(blocks: Blocks, floats: number): () => void {
  const half = Math.floor(floats / 32) * 16;
  return () => {
    forChunks(half, (offset, length) => blocks.kernels.copy(half * 4 + offset, offset, length));
  };
}

for (const parameters of PARAMETERS) {
  for (const slotCount of [1, 2, 3, 4, 8, 16]) {
    const floats = parameters * (SLOTS + slotCount);
    const megabytes = Math.round((floats * 4) / 1e6);
    describe(`${parameters} parameters, ${slotCount} slots: ${megabytes} MB`, () => {
      const blocks = createBlocks(parameters, SLOTS + slotCount);
      for (let slot = 0; slot < slotCount; slot++) {
        blocks.view(SLOTS + slot).set(someFloats(slot, parameters));
      }
      bench('reduce + adam', adamSteps(blocks, parameters, slotCount));
      const copies = createBlocks(parameters, SLOTS + slotCount);
      for (let block = 0; block < SLOTS + slotCount; block++) copies.view(block).fill(block + 1);
      bench('memory.copy', copyHalf(copies, floats));
    });
  }
}
