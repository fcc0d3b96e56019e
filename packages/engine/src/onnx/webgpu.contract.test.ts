import { contractUnlessMissing } from '../testing/contract/contractUnlessMissing.ts';
import { preferSoftwareVulkan } from '../testing/softwareVulkan.ts';

preferSoftwareVulkan();
await contractUnlessMissing('onnx:webgpu');
await contractUnlessMissing('onnx:cuda');
