import { engineContract } from './testing/engineContract.ts';

engineContract('onnx');
engineContract('eager:cpu');
