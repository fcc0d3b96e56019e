/**
 * Recordings as examples: a folder of WAV files, one example each or cut into several, or one long file,
 * cut. Opening reads names and headers, fitting the training part, reading what is asked for.
 */
import type { DataError } from '../errors.ts';
import { pathInside, type ExampleFiles } from '../sources/exampleFiles.ts';
import { audioOption } from './audioErrors.ts';
import { audioShape, type AudioFormat } from './audioFormat.ts';
import { checkAudioOptions, type AudioOptions } from './audioOptions.ts';
import { lengthOf, unfittedFormat, type UnfittedFormat } from './completeFormat.ts';
import { encodeInPool } from './decodePool.ts';
import { fitAudio } from './fitAudio.ts';
import { listRecordings, type RecordingList } from './listRecordings.ts';
import { cutExamples, readHeaders, type AudioExample } from './recordingExamples.ts';
import { lengthAt } from './wavFile.ts';
import type { WavHeader } from './wavHeader.ts';

export interface OpenAudioOptions extends AudioOptions {
  /** Read as this says, of a trained run: of the options `testPattern` alone counts then. */
  readonly format?: AudioFormat;
}

/** Recordings whose headers have been read, and found right. */
export interface OpenedAudio {
  readonly where: string;
  readonly count: number;
  readonly labels: Int32Array | undefined;
  readonly classNames: readonly string[] | undefined;
  /** Positions of the test part, ascending, where a pattern or folders train/ and test/ say so. */
  readonly test: Uint32Array | undefined;
  /** What was done to recordings that differ, for people to read. */
  readonly notes: readonly string[];
  /**
   * What is alike in examples that a split should keep together, one for each example: `file`, or a named
   * group of the label pattern. Throws DATA_OPTION where there is none of that name.
   */
  groups(name: string): Promise<readonly string[]>;
  /** The examples at these positions alone, of which none are a test part. */
  select(positions: Uint32Array): OpenedAudio;
  /**
   * The source with the format given, here or when it was opened; or with one made from the examples at
   * these positions (default: all).
   */
  fit(train: Uint32Array | undefined, format?: AudioFormat): Promise<AudioSource>;
}

export interface AudioSource {
  readonly where: string;
  /** [frames, mels, 1] or [samples] */
  readonly shape: readonly number[];
  readonly count: number;
  readonly valueType: 'float32';
  readonly labels: Int32Array | undefined;
  readonly classNames?: readonly string[];
  readonly format: AudioFormat;
  /** Of each example; with its start where recordings are cut. */
  readonly files: ExampleFiles;
  /** Whether some are cut, or so long that they should be. */
  readonly notes: readonly string[];
  /** Those at `positions` (undefined: all), one after another; faster into shared memory. */
  read(target: Uint8Array, positions: Uint32Array | undefined): Promise<void>;
}

const CUT_SECONDS = 1;
/** Recordings this long are seldom meant as one example each. */
const LONG_SECONDS = 30;

/** Throws DataError. */
export async function openAudio(
  path: string,
  options: OpenAudioOptions = {},
): Promise<OpenedAudio> {
  const { format } = options;
  if (!format) checkAudioOptions(options);
  const list = await listRecordings(path, {
    labelPattern: format ? format.labelPattern : options.labelPattern,
    testPattern: options.testPattern,
    known: format && { classNames: format.classNames },
  });
  const headers = await readHeaders(list.paths);
  const cut = format ?? cutOf(options, list.single, headers[0]?.sampleRate ?? 1);
  const { examples, recordings } = cutExamples(list, headers, { samples: 0, ...cut });
  const { isTest } = list;
  const test =
    isTest && Uint32Array.from(examples.keys()).filter((i) => isTest[recordings[i] ?? 0]);
  return opened({
    where: path,
    list,
    cut,
    examples,
    recordings,
    test,
    notes: notesOf(headers, cut.sampleRate),
  });
}

/** Everything but the format. */
interface Found {
  readonly where: string;
  readonly list: RecordingList;
  readonly cut: Cut | AudioFormat;
  readonly examples: readonly AudioExample[];
  /** Index of each example's recording in the list. */
  readonly recordings: Uint32Array;
  readonly test: Uint32Array | undefined;
  readonly notes: readonly string[];
}

function opened(found: Found): OpenedAudio {
  const { where, list, cut, examples, recordings, test, notes } = found;
  const perExample = <T>(values: ArrayLike<T>): T[] =>
    Array.from(recordings, (recording) => values[recording] as T);
  const labels = list.labels && Int32Array.from(perExample(list.labels));
  const { classNames } = list;
  const fitted = async (train: Uint32Array | undefined): Promise<AudioFormat> => {
    if (!('unfitted' in cut)) return cut;
    const { unfitted, samples, every } = cut;
    const chosen = train ? at(examples, train) : examples;
    return {
      ...(await fitAudio(where, unfitted, chosen, samples)),
      ...(every !== undefined && { every }),
      ...(classNames && { classNames }),
    };
  };
  return {
    where,
    count: examples.length,
    labels,
    classNames,
    test,
    notes,
    groups: async (name) => {
      const values = name === 'file' ? list.paths : list.groups.get(name);
      if (!values) throw noGroup(name, [...list.groups.keys()]);
      return Promise.resolve(perExample(values));
    },
    select: (positions) =>
      opened({
        ...found,
        examples: at(examples, positions),
        recordings: positions.map((i) => recordings[i] ?? 0),
        test: undefined,
      }),
    fit: async (train, format) => {
      const known = format ?? (await fitted(train));
      const isAsked = format !== undefined || !('unfitted' in cut) || cut.samples !== undefined;
      const longNotes = isAsked ? [] : longNote(known);
      return audioSource({ where, examples, labels, format: known, longNotes });
    },
  };
}

function noGroup(name: string, named: readonly string[]): DataError {
  const expected = ['"file"', ...named.map((each) => JSON.stringify(each))].join(', ');
  const fix = 'Name a group in the label pattern, as in (?<speaker>[a-z]+).';
  return audioOption('group', expected, JSON.stringify(name), fix);
}

function at<T>(values: readonly T[], positions: Uint32Array): T[] {
  return Array.from(positions, (i) => values[i] as T);
}

/** How recordings are cut, as far as it is known before the training part is. */
interface Cut {
  readonly unfitted: UnfittedFormat;
  readonly sampleRate: number;
  readonly samples?: number;
  readonly every?: number;
}

function cutOf(options: AudioOptions, single: boolean, ownRate: number): Cut {
  const unfitted = unfittedFormat(options, ownRate);
  const { sampleRate } = unfitted;
  const isCut = single || options.every !== undefined;
  const { seconds = isCut ? CUT_SECONDS : undefined } = options;
  if (seconds === undefined) return { unfitted, sampleRate };
  const { samples } = lengthOf(unfitted, Math.round(seconds * sampleRate));
  if (!isCut) return { unfitted, sampleRate, samples };
  const every = options.every === undefined ? samples : Math.round(options.every * sampleRate);
  return { unfitted, sampleRate, samples, every: Math.max(1, every) };
}

function audioSource(made: {
  readonly where: string;
  readonly examples: readonly AudioExample[];
  readonly labels: Int32Array | undefined;
  readonly format: AudioFormat;
  readonly longNotes: readonly string[];
}): AudioSource {
  const { where, examples, labels, format, longNotes } = made;
  const { classNames, every, sampleRate } = format;
  const longer = every === undefined ? countLonger(examples, format) : 0;
  const cutNote = ofRecordings(longer, examples.length, ['is longer', 'are longer']);
  return {
    where,
    shape: audioShape(format),
    count: examples.length,
    valueType: 'float32',
    labels,
    ...(classNames && { classNames }),
    format,
    files: {
      pathOf: (i) => pathInside(where, examples[i]?.path ?? ''),
      ...(every !== undefined && { startOf: (i) => (examples[i]?.first ?? 0) / sampleRate }),
    },
    notes: [...(longer > 0 ? [`${cutNote} than ${seconds(format)} s, and cut`] : []), ...longNotes],
    read: (target, positions) => {
      const wanted = positions ? at(examples, positions) : examples;
      return encodeInPool({ examples: wanted, format, target });
    },
  };
}

function countLonger(
  examples: readonly AudioExample[],
  { sampleRate, samples }: AudioFormat,
): number {
  return examples.filter(({ header }) => lengthAt(header, sampleRate) > samples).length;
}

function longNote(format: AudioFormat): string[] {
  if (format.samples < LONG_SECONDS * format.sampleRate) return [];
  const long = `each example is ${seconds(format)} s long, as its recording`;
  return [
    `${long}: --read every=1 cuts recordings into examples of a second, --read seconds=1 takes the first of each`,
  ];
}

const seconds = ({ samples, sampleRate }: AudioFormat): string => (samples / sampleRate).toFixed(3);

function notesOf(headers: readonly WavHeader[], sampleRate: number): string[] {
  const all = headers.length;
  const several = headers.filter(({ channels }) => channels > 1).length;
  const others = headers.filter((header) => header.sampleRate !== sampleRate).length;
  return [
    ...(several > 0
      ? [`${ofRecordings(several, all, ['has', 'have'])} several channels, whose mean is taken`]
      : []),
    ...(others > 0
      ? [`${ofRecordings(others, all, ['is', 'are'])} resampled to ${sampleRate} Hz`]
      : []),
  ];
}

/** `1 of 1 recording is`, `1 of 2 recordings is`, `2 of 2 recordings are`. */
function ofRecordings(
  count: number,
  all: number,
  [one, several]: readonly [one: string, several: string],
): string {
  return `${count} of ${all} recording${all === 1 ? '' : 's'} ${count === 1 ? one : several}`;
}
