/** Takes out of a wheel, which is a zip, what we need of it: in streams, as its files have 1 GB. */
import { mkdir, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import type { Entry } from 'yauzl';
import type { SetupProgress } from './progress.ts';

/** `libtensorflow_cc.so.2` and `libtensorflow_framework.so.2`, or as macOS names them. */
const LIBRARY = /^tensorflow\/libtensorflow_(?:cc|framework)\.(?:so\.2|2\.dylib)$/;

/** The C API and what it includes: 1 MB of 280. */
const HEADER =
  /^tensorflow\/(include\/(?:tensorflow\/c|xla\/tsl\/c|(?:tensorflow\/core|tsl)\/platform)\/(?:[\w-]+\/)*[\w-]+\.h)$/;

const LICENCE = /^tensorflow\/(?:include\/)?(LICENSE|THIRD_PARTY_NOTICES\.txt)$/;

export interface UnpackOptions {
  readonly signal?: AbortSignal | undefined;
  onProgress(progress: SetupProgress): void;
}

/** Bytes of each file written into `folder`, by its path there. */
export async function unpackLibrary(
  wheel: string,
  folder: string,
  { signal, onProgress }: UnpackOptions,
): Promise<Record<string, number>> {
  const zip = await openPromise(wheel, { autoClose: false });
  try {
    const wanted: { readonly path: string; readonly entry: Entry }[] = [];
    for await (const entry of zip.eachEntry()) {
      const path = pathOf(entry.fileName);
      if (path !== undefined) wanted.push({ path, entry });
    }
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let done = 0;
    const files: Record<string, number> = {};
    for (const { path, entry } of wanted) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(file, 'wx');
      const counting = new Transform({
        transform(chunk: Buffer, _encoding, next) {
          onProgress({ stage: 'unpack', done: (done += chunk.length), total });
          next(null, chunk);
        },
      });
      const source = await zip.openReadStreamPromise(entry);
      await pipeline(source, counting, handle.createWriteStream({ flush: true }), { signal });
      files[path] = entry.uncompressedSize;
    }
    return files;
  } finally {
    zip.close();
  }
}

/** Where a file of the wheel goes; undefined for what we leave. */
function pathOf(name: string): string | undefined {
  if (LIBRARY.test(name)) return basename(name);
  return HEADER.exec(name)?.[1] ?? LICENCE.exec(name)?.[1];
}
