import { expect, it } from 'vitest';
import { weightsSha256 } from './weightsSha256.ts';

it('covers the bytes of the parameters, in order', () => {
  // printf '\0\0\200\077\0\0\0\300' | sha256sum: 1 and -2 in little-endian float32
  const expected = 'ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b';
  const one = { name: 'a', shape: [1], data: Float32Array.of(1) };
  const two = { name: 'b', shape: [], data: Float32Array.of(9, -2).subarray(1) };
  expect(weightsSha256([one, two])).toBe(expected);
  expect(weightsSha256([two, one])).not.toBe(expected);
});
