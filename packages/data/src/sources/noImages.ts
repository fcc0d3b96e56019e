/** A folder in which nothing is that can be read: what can be, and what becomes of what is there. */
import { DataError } from '../errors.ts';

/** What a file may be, by its ending, and how it is read nevertheless. */
const OTHERS: readonly (readonly [ending: RegExp, fix: string])[] = [
  [
    /\.(mp3|flac|ogg|oga|opus|m4a|aac|wma|aiff?)$/i,
    'Make WAV files of the recordings: `ffmpeg -i OLD NEW.wav`.',
  ],
  [/\.(gif|bmp|tiff?|webp|heic|avif|svg)$/i, 'Make PNG or JPEG files of the pictures.'],
  [
    /\.(csv|tsv|txt|parquet|np[yz]|bin|idx\d?)(\.gz)?$|ubyte(\.gz)?$/i,
    'A single table, text, array or .bin file is named itself, not by its folder.',
  ],
];

/** @param files names of what is there */
export function noImages(folder: string, files: readonly string[]): DataError {
  const [first] = files;
  const fixes = OTHERS.filter(([ending]) => files.some((name) => ending.test(name)));
  return new DataError({
    code: 'DATA_EMPTY',
    where: folder,
    expected:
      'pictures (PNG, JPEG), recordings (WAV), subfolders of them, one for each class, or the files of MNIST, of CIFAR or of pictures in Parquet (train-*.parquet)',
    got:
      first === undefined
        ? 'an empty folder'
        : `a folder without any: ${files.slice(0, 3).join(', ')}${files.length > 3 ? ', ...' : ''}`,
    fix: fixes.map(([, fix]) => fix).join(' ') || 'Check the path.',
  });
}
