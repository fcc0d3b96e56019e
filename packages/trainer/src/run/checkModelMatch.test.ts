import { describe, expect, it } from 'vitest';
import { checkModelMatch } from './checkModelMatch.ts';

const tensor = (name: string, shape: number[]) => ({ name, shape, data: new Float32Array(0) });
const specs = [
  { name: 'kernel', shape: [2, 3] },
  { name: 'bias', shape: [3] },
];

describe('checkModelMatch', () => {
  it('takes the same parameters', () => {
    checkModelMatch([tensor('kernel', [2, 3]), tensor('bias', [3])], specs, 'f');
  });

  it('lists every difference', () => {
    const stored = [tensor('kernel', [2, 4]), tensor('scale', [])];
    expect(() => checkModelMatch(stored, specs, 'a.safetensors')).toThrow(
      expect.objectContaining({
        code: 'CHECKPOINT_MODEL_MISMATCH',
        where: 'a.safetensors',
        got: 'others: kernel is [2, 4], the model has [2, 3]; bias [3] is missing; scale [] is not in the model',
      }),
    );
  });

  it('wants the same order, since that is the order of the bytes', () => {
    const stored = [tensor('bias', [3]), tensor('kernel', [2, 3])];
    expect(() => checkModelMatch(stored, specs, 'f')).toThrow('another order');
  });

  it('shortens a long list', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ name: `p${i}`, shape: [1] }));
    expect(() => checkModelMatch([], many, 'f')).toThrow('p7 [1] is missing; 12 more');
  });
});
