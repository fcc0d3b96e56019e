import { describe } from 'vitest';
import { createEngine } from '../createEngine.ts';
import { engineContract } from '../testing/contract/engineContract.ts';
import { whereTensorflowIs } from '../testing/whereTensorflowIs.ts';

whereTensorflowIs(() => {
  describe('with XLA', () => {
    engineContract('tensorflow', () => createEngine('tensorflow', { xla: true }));
  });
});
