/** What kind of data a path has where nobody says so. */
import { stat } from 'node:fs/promises';
import type { DataKind } from '../format.ts';
import { listFolder } from './imageList.ts';

/** By the name, and for what may be several things, by the content. Images where nothing says otherwise. */
export async function guessKind(path: string): Promise<DataKind> {
  const kinds = await clearKinds(path);
  return kinds.includes('audio') ? 'audio' : (kinds[0] ?? 'image');
}

/**
 * What a path clearly is: several kinds for a folder that has files of several, none where nothing is known of it,
 * or nothing is there.
 */
export async function clearKinds(path: string): Promise<readonly DataKind[]> {
  const byName = kindByEnding(path);
  if (byName) return [byName];
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) return kindsInFolder(path);
  if (!stats?.isFile()) return [];
  if (isImageFile(path)) return ['image'];
  if (!/\.parquet$/i.test(path.replace(/\.gz$/i, ''))) return [];
  const { hasImageColumn } = await import('../parquet/parquetImages.ts');
  return [(await hasImageColumn(path)) ? 'image' : 'table'];
}

/** Undefined where only the content says it. */
function kindByEnding(path: string): DataKind | undefined {
  const name = path.replace(/\.gz$/i, '');
  if (/\.wave?$/i.test(name)) return 'audio';
  if (/\.txt$/i.test(name)) return 'text';
  return /\.(csv|tsv)$/i.test(name) ? 'table' : undefined;
}

function isImageFile(path: string): boolean {
  return /\.(png|jpe?g|np[yz])$/i.test(path);
}

/** By the recordings and pictures in a folder, or in the first of its folders. */
async function kindsInFolder(path: string): Promise<DataKind[]> {
  const { files, folders } = await listFolder(path);
  if (files.length === 0 && folders[0]) return kindsInFolder(`${path}/${folders[0]}`);
  return [
    ...(files.some((file) => /\.wave?$/i.test(file)) ? ['audio' as const] : []),
    ...(files.some((file) => /\.(png|jpe?g)$/i.test(file)) ? ['image' as const] : []),
  ];
}
