/** What kind of data a path has where nobody says so. */
import { stat } from 'node:fs/promises';
import type { DataKind } from '../format.ts';
import { listFolder } from './imageList.ts';

/** By the name, and for what may be several things, by the content. Images where nothing says otherwise. */
export async function guessKind(path: string): Promise<DataKind> {
  const byName = kindByEnding(path);
  if (byName) return byName;
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile() && /\.parquet$/i.test(path.replace(/\.gz$/i, ''))) {
    const { hasImageColumn } = await import('../parquet/parquetImages.ts');
    return (await hasImageColumn(path)) ? 'image' : 'table';
  }
  return stats?.isDirectory() && (await hasSound(path)) ? 'audio' : 'image';
}

/** Undefined where only the content says it. */
export function kindByEnding(path: string): DataKind | undefined {
  const name = path.replace(/\.gz$/i, '');
  if (/\.wave?$/i.test(name)) return 'audio';
  if (/\.txt$/i.test(name)) return 'text';
  return /\.(csv|tsv)$/i.test(name) ? 'table' : undefined;
}

/** Recordings in a folder, or in the first of its folders. */
async function hasSound(path: string): Promise<boolean> {
  const { files, folders } = await listFolder(path);
  if (files.length > 0 || !folders[0]) return files.some((file) => /\.wave?$/i.test(file));
  return hasSound(`${path}/${folders[0]}`);
}
