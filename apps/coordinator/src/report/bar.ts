/** `[=====     ]`, with room for `cells` characters inside. */
export function bar(fraction: number, cells: number): string {
  const full = Math.max(0, Math.min(cells, Math.floor(fraction * cells)));
  return `[${'='.repeat(full)}${' '.repeat(cells - full)}]`;
}
