import { engineContract } from './testing/contract/engineContract.ts';

engineContract('onnx');
engineContract('eager:cpu');
