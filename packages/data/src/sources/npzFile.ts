/** The arrays of an NPZ file, by name: a zip of NPY files. */
import { DataError } from '../errors.ts';
import { zipEntries, type ZipEntry } from '../zip/zipEntries.ts';
import { headBytes, type ArrayFile } from './arrayFile.ts';
import { arrayBytes } from './arrayHeader.ts';
import { fileError } from './fileErrors.ts';
import { looksLikeNpy, parseNpyHeader } from './npy.ts';

const suffix = '.npy';

export async function openNpz(path: string): Promise<ReadonlyMap<string, ArrayFile>> {
  const entries = await zipEntries(path).catch((error: unknown) => {
    throw zipError(path, error);
  });
  const arrays = entries.filter(({ name }) => name.endsWith(suffix));
  return new Map(
    await Promise.all(
      arrays.map(async (entry): Promise<[string, ArrayFile]> => [
        entry.name.slice(0, -suffix.length),
        await openMember(path, entry),
      ]),
    ),
  );
}

async function openMember(path: string, entry: ZipEntry): Promise<ArrayFile> {
  const where = `${path}, ${entry.name}`;
  const open = (): AsyncIterable<Buffer> => checkedBytes(where, entry);
  const head = await readHead(open());
  if (!looksLikeNpy(head)) throw notAnArray(where);
  const header = parseNpyHeader(where, head);
  if (arrayBytes(header) !== entry.size) throw wrongSize(where, arrayBytes(header), entry.size);
  return { path: where, header, open };
}

async function* checkedBytes(where: string, entry: ZipEntry): AsyncGenerator<Buffer> {
  try {
    yield* entry.bytes();
  } catch (error) {
    throw zipError(where, error);
  }
}

async function readHead(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= headBytes) break;
  }
  return Buffer.concat(chunks);
}

function zipError(where: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const ofSystem = error instanceof Error && 'syscall' in error;
  if (ofSystem) return fileError(where, error);
  return new DataError(
    {
      code: 'DATA_BAD_ZIP',
      where,
      expected: 'a whole NPZ file (a zip of NPY files)',
      got: `a damaged one (${error instanceof Error ? error.message : String(error)})`,
      fix: 'The file was cut short or damaged: save it again with numpy.savez, or copy it again.',
    },
    { cause: error },
  );
}

function notAnArray(where: string): DataError {
  return new DataError({
    code: 'DATA_BAD_MAGIC',
    where,
    expected: 'an NPY file ("\\x93NUMPY")',
    got: 'another one',
    fix: 'Save the arrays with numpy.savez.',
  });
}

function wrongSize(where: string, expected: number, got: number): DataError {
  return new DataError({
    code: 'DATA_SIZE_MISMATCH',
    where,
    expected: `${expected} bytes, as its header says`,
    got: `${got} bytes`,
    fix: 'Save the arrays with numpy.savez again.',
  });
}
