/** What a complete library folder says of itself. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Manifest {
  readonly wheel: string;
  readonly sha256: string;
  /** Bytes of each file. */
  readonly files: Readonly<Record<string, number>>;
}

export const MANIFEST = 'lockstep.json';

/** Undefined where the folder is missing or not whole: a library cut short kills who loads it. */
export function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Manifest;
    const isWhole = Object.entries(manifest.files).every(
      ([name, bytes]) => statSync(join(folder, name)).size === bytes,
    );
    return isWhole ? manifest : undefined;
  } catch {
    return undefined;
  }
}
