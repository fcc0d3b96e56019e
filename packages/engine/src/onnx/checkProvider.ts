/** Whether a provider works here: asked of ONNX Runtime itself, with a graph of one node. */
import type { InferenceSession } from 'onnxruntime-node';
import { OnnxBuilder } from './onnxBuilder.ts';
import type { Provider } from './providers.ts';
import { createSession } from './runtime.ts';

const checked = new Map<string, Promise<void>>();

/** While a session is open the runtime keeps the device, and the programs compiled for it. */
const kept: InferenceSession[] = [];

/** Throws ENGINE_PROVIDER_MISSING. */
export async function checkProvider(provider: Provider): Promise<void> {
  if (provider.isCpu) return;
  const checking = checked.get(provider.engine) ?? openSession(provider);
  checked.set(provider.engine, checking);
  await checking;
}

async function openSession(provider: Provider): Promise<void> {
  if (provider.engine.startsWith('onnx:cuda')) {
    // Read as CUDA's libraries load: products of matrices in float32, not in the 10 bits of TF32.
    process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
  }
  const onnx = new OnnxBuilder();
  onnx.output('y', onnx.add('Neg', [onnx.input('x', [1])]), [1]);
  kept.push(await createSession(onnx.build(), provider));
}
