/** The settings a user gave: a file's, and the command line's over them. */
import { dirname, relative, resolve } from 'node:path';
import { readConfigFile } from './configFile.ts';
import { parseConfig, type Locate } from './parseConfig.ts';
import type { TrainConfig } from './trainConfig.ts';

export interface ConfigSources {
  /** Path of a configuration file. */
  readonly file?: string;
  /** Settings of the command line; each replaces the file's, whole. */
  readonly flags?: TrainConfig;
  /** Where relative paths start that are not in the file; those start at its own folder. */
  readonly cwd?: string;
}

export interface GivenConfig {
  readonly config: TrainConfig;
  /** Names a setting in errors. */
  readonly locate: Locate;
  /** Folder that a setting's relative path starts at. */
  readonly baseOf: (setting: keyof TrainConfig) => string;
}

/** Of each pair only one may be given, so a flag for one puts aside the file's other. */
const EXCLUSIVE: readonly (readonly [keyof TrainConfig, keyof TrainConfig])[] = [
  ['epochs', 'steps'],
  ['steps', 'epochs'],
  ['preset', 'model'],
  ['model', 'preset'],
];

export async function loadConfig(sources: ConfigSources): Promise<GivenConfig> {
  const { file, cwd = process.cwd() } = sources;
  const path = file === undefined ? undefined : resolve(cwd, file);
  const inFile = locateInFile(path === undefined ? undefined : relative(cwd, path));

  const fileConfig = path === undefined ? {} : parse(await readConfigFile(path), inFile);
  const flags = parse(sources.flags ?? {}, locateFlag);
  for (const [flag, other] of EXCLUSIVE) {
    if (flags[flag] !== undefined) delete fileConfig[other];
  }
  const isFlag = (setting: PropertyKey) => path === undefined || Object.hasOwn(flags, setting);
  return {
    config: { ...fileConfig, ...flags },
    locate: (at) => (isFlag(at[0] ?? '') ? locateFlag : inFile)(at),
    baseOf: (setting) => (isFlag(setting) || path === undefined ? cwd : dirname(path)),
  };
}

/** `--batch-size` */
const locateFlag: Locate = ([setting, ...inside]) =>
  setting === undefined
    ? 'the command line'
    : [`--${kebabCase(String(setting))}`, ...inside.map(String)].join('.');

/** `lockstep.config.ts: checkpoint.keep` */
function locateInFile(file = ''): Locate {
  return (path) => (path.length === 0 ? file : `${file}: ${path.map(String).join('.')}`);
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A setting that is there but undefined is not given. */
function parse(values: unknown, locate: Locate): TrainConfig {
  const given = Object.entries(parseConfig(values, locate)).filter(([, v]) => v !== undefined);
  return Object.fromEntries(given);
}
