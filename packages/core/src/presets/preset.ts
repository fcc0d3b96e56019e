/** A preset: a model for any data that fits, with the settings it is known to train well with. */
import { ModelError } from '../errors.ts';
import type { ExampleInfo, Model } from '../model.ts';
import { ANY_NUMBERS, checkExampleKind, type ExampleKind } from './exampleKind.ts';

/** Plain values by name, as a configuration file or a flag has them. */
export type PresetOptions = Readonly<Record<string, number | string | boolean>>;

export interface PresetDefaults {
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimizer: 'adam' | 'rmsprop';
  readonly epochs: number;
}

/** A loss that was measured, to compare one's own with. */
export interface ExpectedLoss {
  /** `mnist`, or what it is. */
  readonly data: string;
  /** Of `lockstep train`, beside preset and data. */
  readonly flags: string;
  /** Mean over three seeds or more, in nats unless the preset's own. */
  readonly testLoss: number;
  /** What other seeds may differ from it by. */
  readonly within: number;
}

export interface Preset<Options extends PresetOptions = PresetOptions, M extends Model = Model> {
  readonly name: string;
  /** One line, for a list of presets: what it is for. */
  readonly summary: string;
  readonly paper: string;
  /** All options that it has, with their values where none is given. */
  readonly options: Options;
  /** Training settings where none is given. */
  readonly defaults: PresetDefaults;
  /** Absent until it is measured. */
  readonly expect?: ExpectedLoss;
  /**
   * Throws MODEL_PRESET_OPTION for options that it does not have. The factory throws other ModelErrors
   * for options out of range, and for data that the model cannot take.
   */
  create(options?: Partial<Options>): (example: ExampleInfo) => M;
}

export interface PresetDefinition<Options extends PresetOptions, M extends Model> extends Omit<
  Preset<Options, M>,
  'create'
> {
  /** What it can learn from, the kind that it is for first. Default: all but text. */
  readonly takes?: readonly ExampleKind[];
  /** `options` are complete. */
  build(options: Options, example: ExampleInfo): M;
}

export function definePreset<Options extends PresetOptions, M extends Model>({
  build,
  takes = ANY_NUMBERS,
  ...preset
}: PresetDefinition<Options, M>): Preset<Options, M> {
  return {
    ...preset,
    create: (given = {}) => {
      const options = complete(preset, given);
      return (example) => {
        checkExampleKind(preset.name, takes, example);
        return build(options, example);
      };
    },
  };
}

function complete<Options extends PresetOptions>(
  { name, options: defaults }: { readonly name: string; readonly options: Options },
  given: Partial<Options>,
): Options {
  const known = Object.keys(defaults);
  for (const [option, value] of Object.entries<unknown>(given)) {
    const expected = typeof defaults[option];
    if (expected === 'undefined' || (typeof value !== expected && value !== undefined)) {
      throw new ModelError({
        code: 'MODEL_PRESET_OPTION',
        where: `preset "${name}", ${option}`,
        expected: expected === 'undefined' ? `one of ${known.join(', ')}` : `a ${expected}`,
        got: expected === 'undefined' ? `"${option}"` : JSON.stringify(value),
        fix: 'Correct it, or leave it out for the default.',
      });
    }
  }
  const defined = Object.entries<unknown>(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(defined) as Partial<Options>) };
}
