/** Weights in an NPZ file: a zip of NPY files, one for each array that numpy.savez was given. */
import { zipEntries } from '@lockstep/data/zip';
import { exchangeError } from './exchangeError.ts';
import { pickleError } from './pickleError.ts';
import { parseNpy } from './parseNpy.ts';
import type { WeightsTensor } from './weightsTensor.ts';

const SUFFIX = '.npy';

/** Throws IMPORT_TRUNCATED, IMPORT_CORRUPT, IMPORT_FILE_TYPE. */
export async function readNpz(bytes: Buffer, where: string): Promise<WeightsTensor[]> {
  const entries = await zipEntries(bytes).catch((error: unknown) => {
    throw damaged(where, error);
  });
  const pickle = entries.some(({ name }) => /(^|\/)data\.pkl$/.test(name));
  if (pickle) throw pickleError(where);
  const tensors: WeightsTensor[] = [];
  for (const entry of entries) {
    const inside = `${where}: ${entry.name}`;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of entry.bytes()) chunks.push(chunk);
    } catch (error) {
      throw damaged(inside, error);
    }
    if (!entry.name.endsWith(SUFFIX)) {
      throw exchangeError('IMPORT_FILE_TYPE', {
        where,
        expected: 'a zip of NPY files, as numpy.savez writes it',
        got: `one with ${entry.name}`,
        fix: 'Save the arrays with numpy.savez.',
      });
    }
    const content = Buffer.concat(chunks);
    tensors.push({ name: entry.name.slice(0, -SUFFIX.length), ...parseNpy(content, inside) });
  }
  return tensors;
}

function damaged(where: string, cause: unknown) {
  return exchangeError(
    'IMPORT_CORRUPT',
    {
      where,
      expected: 'a whole NPZ file',
      got: cause instanceof Error ? cause.message : String(cause),
      fix: 'The file was cut short or damaged: save it again, or copy it again.',
    },
    { cause },
  );
}
