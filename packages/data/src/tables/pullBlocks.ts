/**
 * Turns what hands out block after block into what is asked for one: the giver waits until the next is wanted.
 * Nothing is read ahead but the block that was given.
 */

/** `produce` gives each block and waits; it ends early, by an error that nobody sees, when the reader is closed. */
export function pullBlocks<T>(
  produce: (give: (block: T) => Promise<void>) => Promise<void>,
): ReadableStreamDefaultReader<T> {
  let goOn: (() => void) | undefined;
  let isClosed = false;
  const stream = new ReadableStream<T>(
    {
      start: (controller) => {
        const give = async (block: T): Promise<void> => {
          if (!isClosed) {
            controller.enqueue(block);
            await new Promise<void>((resolve) => (goOn = resolve));
          }
          if (isClosed) throw new Error('nobody reads on');
        };
        produce(give).then(
          () => isClosed || controller.close(),
          (error: unknown) => controller.error(error),
        );
      },
      pull: () => goOn?.(),
      cancel: () => {
        isClosed = true;
        goOn?.();
      },
    },
    { highWaterMark: 0 },
  );
  return stream.getReader();
}
