/** Writes down which examples of data make which part: the positions in the source, from 0, a line each. */
import { join } from 'node:path';
import { openData, type DataOptions, type DataPart } from '@lockstep/data';
import { makeFolders } from '../run/makeFolders.ts';
import { writeFailed } from '../run/writeFailed.ts';
import { writeFileAtomically } from '../run/writeFileAtomically.ts';

export interface SplitPart {
  readonly part: DataPart;
  readonly examples: number;
  /** Of the positions; absent where the part is a file of its own, `source`. */
  readonly path?: string;
  readonly source?: string;
}

const PARTS = ['train', 'validation', 'test'] as const;

/** @throws DataError, RunError */
export async function splitData(
  source: string,
  options: DataOptions,
  folder: string,
): Promise<SplitPart[]> {
  const data = await openData(source, options);
  const written: SplitPart[] = [];
  for (const part of PARTS) {
    const info = data[part];
    if (!info) continue;
    const positions = data.positions[part];
    if (!positions) {
      written.push({ part, examples: info.count, source: info.source });
      continue;
    }
    const path = join(folder, `${part}.txt`);
    try {
      await makeFolders(folder);
      await writeFileAtomically(path, Buffer.from(`${positions.join('\n')}\n`));
    } catch (error) {
      throw writeFailed(path, error);
    }
    written.push({ part, examples: info.count, path });
  }
  return written;
}
