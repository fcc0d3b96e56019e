import { contractUnlessMissing } from '../testing/contract/contractUnlessMissing.ts';
import { preferSoftwareVulkan } from '../testing/softwareVulkan.ts';

preferSoftwareVulkan();
await contractUnlessMissing('eager:webgpu');
