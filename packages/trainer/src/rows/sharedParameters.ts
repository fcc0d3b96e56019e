/** A model's parameters in memory that all workers read. */
import { elementCount, type NamedTensor } from '../run/namedTensor.ts';

/** Plain data, for other threads. */
export interface SharedParameters {
  readonly memory: WebAssembly.Memory;
  readonly tensors: readonly {
    readonly name: string;
    readonly offset: number;
    readonly length: number;
  }[];
}

const PAGE_BYTES = 65536;
/** What native libraries read without a copy begins on such a boundary. */
const ALIGNMENT = 64;

/** To be done once for a model: such memory is given back late, when none of the threads that had it needs it. */
export function shareParameters(parameters: readonly NamedTensor[]): SharedParameters {
  let bytes = 0;
  const tensors = parameters.map(({ name, shape }) => {
    const length = elementCount(shape);
    const offset = bytes;
    bytes += Math.ceil((4 * length) / ALIGNMENT) * ALIGNMENT;
    return { name, offset, length };
  });
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const views = parameterViews({ memory, tensors });
  for (const { name, data } of parameters) views[name]?.set(data);
  return { memory, tensors };
}

export function parameterViews(
  ...shared: readonly SharedParameters[]
): Readonly<Record<string, Float32Array>> {
  return Object.fromEntries(
    shared.flatMap(({ memory, tensors }) =>
      tensors.map(({ name, offset, length }) => [
        name,
        new Float32Array(memory.buffer, offset, length),
      ]),
    ),
  );
}
