/** A file of made-up lines of text, for tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes so many lines of 11 to 13 characters; returns the path. */
export function writeTextLines(path: string, count: number): string {
  const line = (i: number): string => `line ${String((i * i) % 97)} of ${'abc'.slice(i % 3)}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Array.from({ length: count }, (_, i) => line(i)).join('\n'));
  return path;
}
