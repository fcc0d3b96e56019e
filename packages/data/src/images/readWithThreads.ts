/** Sources whose examples threads decode. */
import type { ExampleReader, ExampleSource } from '../sources/exampleSource.ts';
import type { DecodePool } from './decodePool.ts';

/** As an ExampleSource's, by the threads of a pool. */
export type ReadWith = (
  pool: Pick<DecodePool, 'decode'>,
  target: Uint8Array,
  positions: Uint32Array | undefined,
) => Promise<void>;

/** `read`, which ends its threads, and readers that keep theirs from the first read until they are closed. */
export function readWithThreads(
  readWith: ReadWith,
): Required<Pick<ExampleSource, 'read' | 'openReader'>> {
  const open = (): Pick<ExampleSource, 'read'> & Pick<ExampleReader, 'close'> => {
    // Loaded when it is needed, so that training on arrays never loads piscina.
    let loaded: Promise<DecodePool> | undefined;
    return {
      async read(target, positions) {
        loaded ??= import('./decodePool.ts').then(({ openDecodePool }) => openDecodePool());
        await readWith(await loaded, target, positions);
      },
      close: async () => (await loaded)?.close(),
    };
  };
  return {
    openReader: open,
    async read(target, positions) {
      const reader = open();
      try {
        await reader.read(target, positions);
      } finally {
        await reader.close();
      }
    },
  };
}
