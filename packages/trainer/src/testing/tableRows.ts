/** A table for tests that train on one: a number and a category in a row. */
import { writeFileSync } from 'node:fs';

export function writeTableRows(path: string, count: number): string {
  const rows = Array.from({ length: count }, (_, i) => `${(i * 7) % count}.5,${i % 2 ? 'x' : 'y'}`);
  writeFileSync(path, `size,kind\n${rows.join('\n')}\n`);
  return path;
}
