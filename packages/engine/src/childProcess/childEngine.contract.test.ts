import { engineContract } from '../testing/contract/engineContract.ts';
import { createChildEngine } from './childEngine.ts';

// Any machine has eager:cpu: what is tested is the process in between.
const engine = 'eager:cpu in a child';
engineContract(engine, () => createChildEngine({ engine, inner: 'eager:cpu', environment: {} }));
