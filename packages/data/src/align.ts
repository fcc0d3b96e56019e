/** The next multiple of 64: a cache line, and the widest vector register. */
export function align64(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
