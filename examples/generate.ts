/**
 * A trained model in your own app, in a browser as well as in Node: the model's definition comes from
 * @lockstep/core, its parameters from a run's checkpoint, and tfjs does the rest.
 *
 *   const response = await fetch('/best.safetensors');
 *   const { pixels } = await generate(await response.arrayBuffer(), { count: 4, seed: 1 });
 */
import { parameterTensors, presets } from '@lockstep/core';
import '@tensorflow/tfjs-backend-cpu'; // or tfjs-backend-webgl, -webgpu, -wasm
import { setBackend, tidy } from '@tensorflow/tfjs-core';

/** Where a tensor lies in a safetensors file. */
interface Entry {
  readonly data_offsets: readonly [begin: number, end: number];
}

/**
 * The parameters that a checkpoint's model is evaluated with: their moving average (`--ema`) where there
 * is one. safetensors is: u64 header length | header, JSON | float32 values.
 */
export function readParameters(checkpoint: ArrayBuffer): Record<string, Float32Array> {
  const valuesStart = 8 + Number(new DataView(checkpoint).getBigUint64(0, true));
  const json = new TextDecoder().decode(checkpoint.slice(8, valuesStart));
  const header = JSON.parse(json) as Record<string, Entry>;
  const kind = Object.keys(header).some((name) => name.startsWith('ema/')) ? 'ema/' : 'param/';
  const parameters = Object.entries(header).filter(([name]) => name.startsWith(kind));
  return Object.fromEntries(
    parameters.map(([name, { data_offsets: at }]) => [
      name.slice(kind.length),
      new Float32Array(checkpoint.slice(valuesStart + at[0], valuesStart + at[1])),
    ]),
  );
}

export interface Draw {
  readonly count: number;
  readonly seed: number;
}

/** Draws digits, 28x28 grey values in [0, 1] one after another; the same for the same seed. */
export async function generate(checkpoint: ArrayBuffer, draw: Draw) {
  await setBackend('cpu');
  const model = presets.mlp.create()({ shape: [28, 28, 1] });
  const parameters = parameterTensors(model.parameters, readParameters(checkpoint));
  const images = tidy(() => model.sample(parameters, draw)); // [count, 28, 28, 1]
  const pixels = await images.data<'float32'>();
  for (const tensor of [images, ...Object.values(parameters)]) tensor.dispose();
  return { shape: images.shape, pixels };
}
