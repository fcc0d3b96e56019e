import { contractUnlessMissing } from '../testing/contract/contractUnlessMissing.ts';

await contractUnlessMissing('eager:tfjs-node');
await contractUnlessMissing('eager:tfjs-node-gpu');
