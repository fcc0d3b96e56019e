/** Turns chunks of any size into records of `size` bytes after a header of `skip` bytes. */
export function cutRecords(
  skip: number,
  size: number,
  take: (record: Uint8Array, index: number) => void,
): (chunk: Buffer, position: number) => void {
  const partial = new Uint8Array(size);
  let filled = 0;
  let index = 0;
  return (chunk, position) => {
    let at = Math.min(chunk.length, Math.max(0, skip - position));
    while (at < chunk.length) {
      if (filled === 0 && chunk.length - at >= size) {
        take(chunk.subarray(at, at + size), index++);
        at += size;
        continue;
      }
      const length = Math.min(size - filled, chunk.length - at);
      partial.set(chunk.subarray(at, at + length), filled);
      filled += length;
      at += length;
      if (filled === size) {
        take(partial, index++);
        filled = 0;
      }
    }
  };
}
