/** How many channels a block of ORT's fast convolutions has on this machine: asked of ORT itself. */
import { OnnxBuilder } from './onnxBuilder.ts';
import { cpuProvider } from './providers.ts';
import { createSession, loadRuntime } from './runtime.ts';

let asking: Promise<number | undefined> | undefined;

/** Undefined where it has no such convolutions. */
export function channelBlock(): Promise<number | undefined> {
  asking ??= askRuntime();
  return asking;
}

/** Four channels are rounded up to a whole block. */
async function askRuntime(): Promise<number | undefined> {
  const onnx = new OnnxBuilder();
  const image = onnx.input('x', [1, 4, 1, 1]);
  const attributes = { channels_last: { int: 0 } };
  const blocked = onnx.add('ReorderInput', [image], attributes, 'com.microsoft.nchwc');
  const shape = onnx.add('Cast', [onnx.add('Shape', [blocked])], { to: { int: 1 } });
  onnx.output('shape', shape, [4]);
  try {
    const { Tensor } = await loadRuntime();
    const session = await createSession(onnx.build(), cpuProvider, { logSeverityLevel: 4 });
    const x = new Tensor('float32', new Float32Array(4), [1, 4, 1, 1]);
    const { shape: result } = await session.run({ x });
    await session.release();
    const block = Number(result?.data[1]);
    return block > 4 ? block : undefined;
  } catch {
    return undefined;
  }
}
