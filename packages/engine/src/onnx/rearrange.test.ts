import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSession, loadRuntime } from './runtime.ts';
import { OnnxBuilder } from './onnxBuilder.ts';
import { rearrange } from './rearrange.ts';

/** By its definition, one element at a time. */
function transposed(values: Float32Array, dims: readonly number[], perm: readonly number[]) {
  const strides = dims.map((_, dim) => dims.slice(dim + 1).reduce((a, b) => a * b, 1));
  const shape = perm.map((dim) => dims[dim] ?? 1);
  return Float32Array.from(values, (_, flat) => {
    let [rest, index] = [flat, 0];
    for (let i = shape.length - 1; i >= 0; i--) {
      const size = shape[i] ?? 1;
      index += (rest % size) * (strides[perm[i] ?? 0] ?? 0);
      rest = Math.floor(rest / size);
    }
    return values[index] ?? NaN;
  });
}

const permutation = (rank: number) =>
  fc.shuffledSubarray([...Array(rank).keys()], { minLength: rank, maxLength: rank });

it('is the transpose, whatever it joins', async () => {
  const { Tensor } = await loadRuntime();
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 })
        .chain((dims) => fc.tuple(fc.constant(dims), permutation(dims.length))),
      async ([split, perm]) => {
        const count = split.reduce((a, b) => a * b, 1);
        const onnx = new OnnxBuilder();
        const x = onnx.input('x', [count]);
        const moved = rearrange(onnx, x, { from: [count], split, perm, to: [1, count] });
        onnx.output('y', moved, [1, count]);
        const session = await createSession(onnx.build());
        const values = Float32Array.from({ length: count }, (_, i) => i);
        const { y } = await session.run({ x: new Tensor('float32', values, [count]) });
        await session.release();
        expect(y?.data).toEqual(transposed(values, split, perm));
      },
    ),
    { numRuns: 200 },
  );
});
