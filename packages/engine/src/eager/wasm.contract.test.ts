import { engineContract } from '../testing/contract/engineContract.ts';

engineContract('eager:wasm');
