/** The settings a user gave: a file's, and the command line's over them. */
import { dirname, relative, resolve } from 'node:path';
import type { Binarize, ReadSettings, Split } from '@lockstep/data';
import { readConfigFile } from './configFile.ts';
import { parseConfig, type Locate } from './parseConfig.ts';
import { withoutUndefined } from './withoutUndefined.ts';
import { dataSettings, type DataSettings, type TrainConfig } from './trainConfig.ts';

/**
 * Settings of the command line. Each replaces the file's, whole: `data` names other data, so what
 * the file says of its own data goes. The keys of `data` and `modelOptions` that are flags of their
 * own replace that one key, and leave the others.
 */
export interface ConfigFlags extends TrainConfig {
  /** `data.test` */
  readonly testData?: string | undefined;
  /** `data.validation` */
  readonly validationData?: string | undefined;
  /** `data.holdOut` */
  readonly holdOut?: number | undefined;
  /** `data.validationHoldOut` */
  readonly validationHoldOut?: number | undefined;
  /** `data.split` */
  readonly split?: Split | undefined;
  /** `data.splitSeed` */
  readonly splitSeed?: number | undefined;
  /** `data.augment` */
  readonly augment?: string | undefined;
  /** `data.resize` */
  readonly resize?: readonly [height: number, width: number] | undefined;
  /** `data.color` */
  readonly color?: 'grey' | 'rgb' | undefined;
  /** `data.binarize` */
  readonly binarize?: Binarize | undefined;
  /** `data.labels` */
  readonly labels?: number | undefined;
  /** `data.labelledShare` */
  readonly labelledShare?: number | undefined;
  /** `data.onlyLabels` */
  readonly onlyLabels?: readonly string[] | undefined;
  /** `data.memoryLimit` */
  readonly memoryLimit?: string | undefined;
  /** `data.read` */
  readonly read?: ReadSettings | undefined;
  /** `modelOptions.latentDim` */
  readonly latentDim?: number | undefined;
  /** `modelOptions.klWeight` */
  readonly beta?: number | undefined;
  /** `modelOptions.klSchedule` */
  readonly klSchedule?: string | undefined;
  /** `modelOptions.likelihood` */
  readonly likelihood?: string | undefined;
  /** `modelOptions.samples` */
  readonly samples?: number | undefined;
}

type ModelFlag = 'latentDim' | 'beta' | 'klSchedule' | 'likelihood' | 'samples';

export interface ConfigSources {
  /** Path of a configuration file. */
  readonly file?: string;
  readonly flags?: ConfigFlags;
  /** Where relative paths start that are not in the file; those start at its own folder. */
  readonly cwd?: string;
}

export interface GivenConfig {
  readonly config: TrainConfig;
  /** Names a setting in errors. */
  readonly locate: Locate;
  /** Folder that a relative path, the value of the setting, starts at. */
  readonly baseOf: (setting: readonly PropertyKey[]) => string;
}

/** Of each pair only one may be given, so a flag for one puts aside the file's other. */
const EXCLUSIVE: readonly (readonly [keyof TrainConfig, keyof TrainConfig])[] = [
  ['epochs', 'steps'],
  ['steps', 'epochs'],
  ['preset', 'model'],
  ['model', 'preset'],
];

/** Keys inside a setting that have a flag. */
const INNER_FLAGS: Readonly<Record<PropertyKey, Readonly<Record<PropertyKey, string>>>> = {
  data: {
    source: '--data',
    test: '--test-data',
    holdOut: '--hold-out',
    validation: '--validation-data',
    validationHoldOut: '--validation-hold-out',
    split: '--split',
    splitSeed: '--split-seed',
    augment: '--augment',
    resize: '--resize',
    color: '--color',
    binarize: '--binarize',
    labels: '--labels',
    labelledShare: '--labelled-share',
    onlyLabels: '--only-labels',
    memoryLimit: '--memory-limit',
    read: '--read',
  },
  modelOptions: {
    latentDim: '--latent-dim',
    klWeight: '--beta',
    klSchedule: '--kl-schedule',
    likelihood: '--likelihood',
    samples: '--samples',
  },
};

export async function loadConfig(sources: ConfigSources): Promise<GivenConfig> {
  const { file, cwd = process.cwd() } = sources;
  const path = file === undefined ? undefined : resolve(cwd, file);
  const inFile = locateInFile(path === undefined ? undefined : relative(cwd, path));

  const fileConfig = path === undefined ? {} : parse(await readConfigFile(path), inFile);
  const { latentDim, beta, klSchedule, likelihood, samples, ...others } = sources.flags ?? {};
  const { dataFlags, whole } = takeDataFlags(others);
  const flags = parse(whole, locateFlag);
  const ofModel = { latentDim, klWeight: beta, klSchedule, likelihood, samples };
  const modelFlags = withoutUndefined(ofModel);
  parse({ data: dataFlags, modelOptions: modelFlags }, locateFlag);
  for (const [flag, other] of EXCLUSIVE) {
    if (flags[flag] !== undefined) delete fileConfig[other];
  }

  const isFlag = ([setting = '', key = '']: readonly PropertyKey[]) =>
    path === undefined ||
    Object.hasOwn(flags, setting) ||
    (setting === 'data' && Object.hasOwn(dataFlags, key)) ||
    (setting === 'modelOptions' && Object.hasOwn(modelFlags, key));
  const data = withDataFlags(flags.data ?? dataOf(fileConfig, dataFlags), dataFlags);
  const modelOptions = withModelFlags(flags.modelOptions ?? fileConfig.modelOptions, modelFlags);
  return {
    config: {
      ...fileConfig,
      ...flags,
      ...(data === undefined ? {} : { data }),
      ...(modelOptions === undefined ? {} : { modelOptions }),
    },
    locate: (at) => (isFlag(at) ? locateFlag : inFile)(at),
    baseOf: (at) => (isFlag(at) || path === undefined ? cwd : dirname(path)),
  };
}

/** Of each pair only one may be given, so a flag for one puts aside the file's other. */
const EXCLUSIVE_DATA = {
  test: 'holdOut',
  holdOut: 'test',
  validation: 'validationHoldOut',
  validationHoldOut: 'validation',
} as const;

/** The file's data, as far as flags leave it. */
function dataOf({ data }: TrainConfig, flags: DataSettings): TrainConfig['data'] {
  if (typeof data !== 'object') return data;
  const aside = new Set<string>(
    Object.entries(EXCLUSIVE_DATA).flatMap(([flag, other]) =>
      Object.hasOwn(flags, flag) ? [other] : [],
    ),
  );
  return Object.fromEntries(Object.entries(data).filter(([key]) => !aside.has(key)));
}

/** Those of `data`, by their keys there, and all others. */
function takeDataFlags(flags: Omit<ConfigFlags, ModelFlag>): {
  readonly dataFlags: DataSettings;
  readonly whole: TrainConfig;
} {
  const { testData, validationData, holdOut, validationHoldOut, split, splitSeed, ...more } = flags;
  const { augment, resize, color, binarize, labels, labelledShare, onlyLabels, ...rest } = more;
  const { memoryLimit, read, ...whole } = rest;
  const parts = { test: testData, validation: validationData, holdOut, validationHoldOut };
  const values = { augment, resize, color, binarize, labels, labelledShare, onlyLabels };
  const ofData = { ...parts, ...values, split, splitSeed, memoryLimit, read };
  return { dataFlags: withoutUndefined(ofData), whole };
}

function withDataFlags(data: TrainConfig['data'], dataFlags: DataSettings): TrainConfig['data'] {
  if (Object.keys(dataFlags).length === 0) return data;
  return { ...dataSettings(data), ...dataFlags };
}

function withModelFlags(
  options: TrainConfig['modelOptions'],
  flags: NonNullable<TrainConfig['modelOptions']>,
): TrainConfig['modelOptions'] {
  return Object.keys(flags).length === 0 ? options : { ...options, ...flags };
}

/** `--batch-size` */
const locateFlag: Locate = ([setting, ...inside]) => {
  if (setting === undefined) return 'the command line';
  const [key = '', ...rest] = inside;
  const flag = INNER_FLAGS[setting]?.[key];
  return flag === undefined
    ? [`--${kebabCase(String(setting))}`, ...inside.map(String)].join('.')
    : [flag, ...rest.map(String)].join('.');
};

/** `lockstep.config.ts: checkpoint.keep` */
function locateInFile(file = ''): Locate {
  return (path) => (path.length === 0 ? file : `${file}: ${path.map(String).join('.')}`);
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function parse(values: unknown, locate: Locate): TrainConfig {
  return withoutUndefined(parseConfig(values, locate));
}
