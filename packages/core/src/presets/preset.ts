/** A preset: a model for any data that fits, with the settings it is known to train well with. */
import type { ModelFactory } from '../model.ts';

export interface PresetOptions {
  readonly latentDim?: number;
  /** Weight of the KL term; 1 is the plain ELBO. */
  readonly klWeight?: number;
}

export interface PresetDefaults {
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimizer: 'adam';
  readonly epochs: number;
}

export interface Preset {
  readonly name: string;
  /** One line, for a list of presets. */
  readonly summary: string;
  readonly paper: string;
  /** The options' values where none is given. */
  readonly options: Required<PresetOptions>;
  /** Training settings where none is given. */
  readonly defaults: PresetDefaults;
  /**
   * The factory throws MODEL_LAYER_OPTION or MODEL_VAE_OPTION for options out of range, and
   * MODEL_LAYER_SHAPE or MODEL_IMAGE_SIZE for data that the model cannot take.
   */
  create(options?: PresetOptions): ModelFactory;
}
