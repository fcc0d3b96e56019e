/** The parts that were split off from one file, as files of their own. */
import type { Part } from '../parts.ts';
import type { CopyParts } from './copyLines.ts';
import { partNames, type PartName } from './parts.ts';

export async function copySplit(
  copyParts: CopyParts,
  parts: Readonly<Record<'train' | 'test', Part> & { readonly validation: Part | undefined }>,
  take: (part: PartName, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const { source } = parts.train;
  const names = partNames.filter(
    (name) => parts[name]?.source === source && parts[name]?.positions !== undefined,
  );
  const partOf = new Uint8Array(source.count).fill(names.length);
  for (const [index, name] of names.entries()) {
    for (const position of parts[name]?.positions ?? []) partOf[position] = index;
  }
  await copyParts(partOf, names.length, (index, bytes) => take(names[index] ?? 'train', bytes));
}
