/** Where there is no GPU: the software driver inside Debian's chromium, for WebGPU. */
import { existsSync } from 'node:fs';

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Before anything that loads Vulkan. A driver that the user has named is left as it is. */
export function preferSoftwareVulkan(): void {
  if (process.env['VK_ICD_FILENAMES'] !== undefined || existsSync('/proc/driver/nvidia')) return;
  if (existsSync(swiftShader)) process.env['VK_ICD_FILENAMES'] = swiftShader;
}
