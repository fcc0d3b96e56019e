/** The recordings of a folder, or one alone, with the class and the part of each. Reads no sound. */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError } from '../errors.ts';
import { fileError } from '../sources/fileErrors.ts';
import { listFolder, sortClasses } from '../sources/imageList.ts';
import { audioOption } from './audioErrors.ts';
import { patternOf } from './audioOptions.ts';

export interface RecordingList {
  readonly paths: readonly string[];
  /** Whether the source is one file and no folder. */
  readonly single: boolean;
  readonly labels: Int32Array | undefined;
  readonly classNames: readonly string[] | undefined;
  /** Whether each is of the test part, where the source says so. */
  readonly isTest: readonly boolean[] | undefined;
  /** What the label pattern's named groups matched, one for each recording. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

export interface ListOptions {
  readonly labelPattern: string | undefined;
  readonly testPattern: string | undefined;
  /**
   * Where this is more of what was trained on, its classes: then a name may have no label, which is
   * unknown, and the test pattern need not match.
   */
  readonly known: { readonly classNames: readonly string[] | undefined } | undefined;
}

const DEEPEST = 8;
const UNKNOWN_LABEL = -1;

/** In the order of their names. Throws DataError. */
export async function listRecordings(path: string, options: ListOptions): Promise<RecordingList> {
  const stats = await stat(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  const single = !stats.isDirectory();
  const names = single ? [basename(path)] : await walk(path, '', 0);
  if (names.length === 0) throw noRecordings(path);
  const paths = single ? [path] : names.map((name) => join(path, name));
  const { known } = options;
  const parts = partsOf(path, names, options);
  const { classes, groups } = classesOf(path, parts.names, options);
  const classNames = classes && (known?.classNames ?? sortClasses([...new Set(classes)]));
  const labels = classes?.map((name, i) => {
    if (name === '') return UNKNOWN_LABEL;
    const label = classNames?.indexOf(name) ?? -1;
    if (label < 0) throw unknownClass(paths[i] ?? path, name, classNames ?? []);
    return label;
  });
  return {
    paths,
    single,
    labels: labels && Int32Array.from(labels),
    classNames,
    isTest: parts.isTest,
    groups,
  };
}

/** Paths inside `folder`, with slashes. */
async function walk(folder: string, inside: string, depth: number): Promise<string[]> {
  const { files, folders } = await listFolder(join(folder, inside));
  const names = files.filter((name) => /\.wave?$/i.test(name)).map((name) => inside + name);
  if (depth < DEEPEST) {
    for (const name of folders) names.push(...(await walk(folder, `${inside}${name}/`, depth + 1)));
  }
  return names;
}

/** A test part by the pattern, or by folders train/ and test/, which then are no classes. */
function partsOf(
  where: string,
  names: readonly string[],
  { testPattern, known }: ListOptions,
): { readonly names: readonly string[]; readonly isTest: readonly boolean[] | undefined } {
  const pattern = patternOf('testPattern', testPattern);
  if (pattern) {
    const isTest = names.map((name) => pattern.test(name));
    const count = isTest.filter(Boolean).length;
    if (count === 0 || count === names.length) {
      if (known) return { names, isTest: undefined };
      const got = `${count} of ${names.length} (${pattern.source})`;
      const expected = `to match some of the recordings in ${where}, not all`;
      throw audioOption(
        'testPattern',
        expected,
        got,
        'It is matched with paths inside the folder.',
      );
    }
    return { names, isTest };
  }
  const tops = new Set(names.map((name) => name.slice(0, name.indexOf('/') + 1)));
  if (tops.size !== 2 || !tops.has('train/') || !tops.has('test/')) {
    return { names, isTest: undefined };
  }
  return {
    names: names.map((name) => name.slice(name.indexOf('/') + 1)),
    isTest: names.map((name) => name.startsWith('test/')),
  };
}

function classesOf(
  where: string,
  names: readonly string[],
  { labelPattern, known }: ListOptions,
): Pick<RecordingList, 'groups'> & { readonly classes: readonly string[] | undefined } {
  const pattern = patternOf('labelPattern', labelPattern);
  if (!pattern) {
    const inFolders = names.filter((name) => name.includes('/')).length;
    if (inFolders === 0) return { classes: undefined, groups: new Map() };
    if (inFolders < names.length) throw mixedFolder(where, names.length - inFolders);
    return { classes: names.map((name) => name.slice(0, name.indexOf('/'))), groups: new Map() };
  }
  const matches = names.map((name) => pattern.exec(name));
  const classes = matches.map((match, i) => {
    const label = match?.groups?.['label'] ?? match?.[1] ?? '';
    if (label === '' && !known) throw noLabel(join(where, names[i] ?? ''), pattern);
    return label;
  });
  const named = Object.keys(matches.find((match) => match?.groups)?.groups ?? {});
  const groups = named
    .filter((group) => group !== 'label')
    .map((group) => [group, matches.map((match) => match?.groups?.[group] ?? '')] as const);
  return { classes, groups: new Map(groups) };
}

function noRecordings(path: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where: path,
    expected: 'recordings (.wav), or subfolders of them, one for each class',
    got: 'a folder without any',
    fix: 'Check the path; other formats become WAV by `ffmpeg -i OLD NEW.wav`.',
  });
}

function mixedFolder(path: string, count: number): DataError {
  return new DataError({
    code: 'DATA_AMBIGUOUS',
    where: path,
    expected: 'recordings, or subfolders of recordings, one for each class',
    got: `both: ${count} recordings beside subfolders`,
    fix: 'Move them, or say how names give classes (labelPattern).',
  });
}

function noLabel(path: string, pattern: RegExp): DataError {
  return new DataError({
    code: 'DATA_BAD_LABEL',
    where: path,
    expected: `a name that the label pattern ${pattern.source} matches, with a group for the class`,
    got: 'another one',
    fix: 'Correct the pattern, or move the file away.',
  });
}

function unknownClass(path: string, name: string, classNames: readonly string[]): DataError {
  const known = classNames.slice(0, 10).join(', ') + (classNames.length > 10 ? ', ...' : '');
  return new DataError({
    code: 'DATA_UNKNOWN_CLASS',
    where: path,
    expected: `a class of the training data (${known || 'they have none'})`,
    got: JSON.stringify(name),
    fix: 'Give both parts the same classes.',
  });
}
