import { engineContract } from '../testing/contract/engineContract.ts';
import { whereTensorflowIs } from '../testing/whereTensorflowIs.ts';

whereTensorflowIs(() => {
  engineContract('tensorflow');
});
