/** Writes a file so that its path holds the old content or all of the new, whatever happens. */
import { createAtomicFile } from './atomicFile.ts';
import { writeFailed } from './writeFailed.ts';

/** @throws RunError */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string,
): Promise<void> {
  const target = await createAtomicFile(path);
  try {
    await target.file.writeFile(content);
  } catch (error) {
    await target.discard();
    throw writeFailed(path, error);
  }
  await target.commit();
}
