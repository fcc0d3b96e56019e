import { expect, it } from 'vitest';
import { normalLatents } from './normalLatents.ts';

it('an example has the same latent in any company, others and other seeds have others', () => {
  const all = normalLatents({ count: 5, size: 3, seed: 1 });
  expect(normalLatents({ count: 2, size: 3, seed: 1 })).toEqual(all.slice(0, 6));
  expect(new Set(all).size).toBe(15);
  expect(normalLatents({ count: 5, size: 3, seed: 2 })).not.toEqual(all);
});
