/** What a user writes to configure a run, and its schema. Every setting may be left out. */
import {
  MAX_WORKERS,
  type OptimizerName,
  type OptimizerOptions,
  type ScheduleName,
  type ScheduleOptions,
} from '@lockstep/collective';
import {
  augmentationSyntax,
  isAugmentation,
  isSplit,
  type Binarize,
  type Split,
} from '@lockstep/data';
import * as z from 'zod';
import { parseBytes } from './parseBytes.ts';

/** A compiled engine, or tfjs itself with one of its backends (`eager:`); a device may follow. */
export type EngineName =
  'auto' | 'onnx' | 'tensorflow' | `onnx:${string}` | `tensorflow:${string}` | `eager:${string}`;
/** Only `step` cannot go by its name alone. */
export type ScheduleSetting = Exclude<ScheduleName, 'step'> | ScheduleOptions;
export type OptimizerSetting = OptimizerName | OptimizerOptions;

const CHANNELS = ['shared', 'message'] as const;
const COLORS = ['grey', 'rgb'] as const;

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPositiveInteger = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0;

/** A schema whose message is what it expects. */
const value = <T>(expected: string, fits: (value: unknown) => boolean) =>
  z.custom<T>(fits, { error: expected });

const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';
const text = (what: string) => value<string>(what, isText);
const flag = value<boolean>('true or false', (v) => typeof v === 'boolean');
const positiveInteger = value<number>('a whole number of at least 1', isPositiveInteger);
const positiveNumber = value<number>(
  'a finite number greater than 0',
  (v) => Number.isFinite(v) && Number(v) > 0,
);

const nonNegativeNumber = value<number>(
  'a finite number of at least 0',
  (v) => Number.isFinite(v) && Number(v) >= 0,
);

const share = value<number>(
  'a share greater than 0 and less than 1',
  (v) => typeof v === 'number' && v > 0 && v < 1,
);

const wholeNumber = value<number>(
  'a whole number from 0 to 2^53 - 1',
  (v) => Number.isSafeInteger(v) && Number(v) >= 0,
);

const dataSchema = z.strictObject(
  {
    /** `mnist`, `sprites`, or the path of a file or folder. Default `mnist`. */
    source: text('"mnist", "sprites" or a path').optional(),
    /** A second source, to test on. Default: the source's own test part, or a hold-out. */
    test: text('a path').optional(),
    /** Height and width to resize images to. */
    resize: value<readonly [height: number, width: number]>(
      'a height and a width, whole numbers of at least 1, such as [28, 28]',
      (v) => Array.isArray(v) && v.length === 2 && v.every(isPositiveInteger),
    ).optional(),
    /** Grey (1 channel) or color (3). Default: as the data is. */
    color: z.enum(COLORS).optional(),
    /** Share of the examples to test on where the source has no test part. Default 0.1. */
    holdOut: share.optional(),
    /** A source to validate on: by its loss runs stop early and the best weights are kept. */
    validation: text('a path').optional(),
    /** Share of the examples to validate on, besides those to test on. Default: none. */
    validationHoldOut: share.optional(),
    /** How parts are held out: `random`, `stratified` by label, or `group:COLUMN`. Default `random`. */
    split: value<Split>(
      '"random", "stratified" or "group:COLUMN"',
      (v) => typeof v === 'string' && isSplit(v),
    ).optional(),
    /** Another seed holds out others. Default 0. */
    splitSeed: wholeNumber.optional(),
    /** Change training images at random in each epoch, such as `flip,crop:4`. */
    augment: value<string>(
      augmentationSyntax,
      (v) => typeof v === 'string' && isAugmentation(v),
    ).optional(),
    /** Make values black or white: drawn once, anew in each epoch, or at a threshold. Default `none`. */
    binarize: value<Binarize>(
      '"none", "static", "dynamic" or a threshold from 0 to below 1',
      (v) =>
        v === 'none' ||
        v === 'static' ||
        v === 'dynamic' ||
        (typeof v === 'number' && v >= 0 && v < 1),
    ).optional(),
    /** Labels of the training part to keep, as many of each class; the others become -1. Default: all. */
    labels: positiveInteger.optional(),
    /**
     * Share of the training examples that have a label, reached by taking those several times in an epoch.
     * Default: each once.
     */
    labelledShare: share.optional(),
    /** Train, and validate, on examples of these classes alone. Default: all. */
    onlyLabels: value<readonly string[]>(
      'a list of classes, by name or number',
      (v) => Array.isArray(v) && v.length > 0 && v.every(isText),
    ).optional(),
    /**
     * Memory for examples, such as `"512M"`. Data that is larger is streamed, which shuffles it in
     * windows: other bits than without. Default: no limit.
     */
    memoryLimit: value<string>(
      'an amount of memory, such as "512M" or "2G"',
      (v) => typeof v === 'string' && parseBytes(v) !== undefined,
    ).optional(),
    /** How the kind of data is read, such as `{ unit: 'byte-pair' }` of text: docs/data.md. */
    read: z
      .record(
        z.string(),
        value<number | string | boolean>(
          'a number, a text, true or false',
          (v) => Number.isFinite(v) || typeof v === 'string' || typeof v === 'boolean',
        ),
        { error: 'an object of settings' },
      )
      .optional(),
  },
  { error: 'an object of settings of the data' },
);

/** Those that presets share, and any others: which of them a preset has, it knows itself. */
const modelSettings = z
  .object(
    {
      /** Dimensions of the latent space. */
      latentDim: positiveInteger.optional(),
      /** Weight of the KL term of the loss; 1 is the plain ELBO. */
      klWeight: nonNegativeNumber.optional(),
      /** How the KL enters over the run, such as `linear` or `free-bits:minimum=0.5`. */
      klSchedule: text('the name of a KL schedule').optional(),
      /** p(x | z), such as `bernoulli` or `gaussian:0.5`. */
      likelihood: text('the name of a likelihood').optional(),
      /** Draws of z for each example. */
      samples: positiveInteger.optional(),
    },
    { error: 'an object of options' },
  )
  .catchall(z.unknown());

const checkpointSettings = z.strictObject(
  {
    /** Steps from one checkpoint to the next. Default: an epoch's. */
    everySteps: positiveInteger.optional(),
    /** Newest checkpoints kept, beside the best one. Default 3. */
    keep: positiveInteger.optional(),
  },
  { error: '{ everySteps, keep }' },
);

const earlyStoppingSettings = z.strictObject(
  {
    /** Epochs in a row without a lower test loss after which the run ends. */
    patience: positiveInteger,
    /** How much lower a test loss must be to count. Default 0. */
    minDelta: nonNegativeNumber.optional(),
  },
  { error: '{ patience, minDelta }' },
);

const decay = value<number>(
  'a number greater than 0 and less than 1',
  (v) => typeof v === 'number' && v > 0 && v < 1,
);

const emaSettings = z.strictObject(
  {
    /** Weight of the past after each step; 0.999 averages over about a thousand steps. */
    decay,
  },
  { error: '{ decay }' },
);

const groupSettings = z.strictObject(
  {
    /** Names of parameters; `*` stands for any characters, as in `encoder/*` or `*bias`. */
    match: text('names of parameters, such as "encoder/*"'),
    /** Their learning rate is so many times that of the others; 0 leaves them as they are. */
    learningRateScale: nonNegativeNumber.optional(),
    /** Instead of the optimizer's. */
    weightDecay: nonNegativeNumber.optional(),
  },
  { error: '{ match, learningRateScale, weightDecay }' },
);

const named = <T>() =>
  value<T>('a name, or { name, ...settings }', (v) => typeof v === 'string' || isPlainObject(v));

export const trainConfigSchema = z.strictObject(
  {
    /** A model that comes with lockstep. Default `mlp`. */
    preset: text('the name of a preset').optional(),
    /** Path of a file of your own that exports a model, or a function that makes one. */
    model: text('the path of a model file').optional(),
    /** Options of the preset. */
    modelOptions: modelSettings.optional(),
    /** Default `mnist`. */
    data: z.union([text('"mnist", "sprites" or a path'), dataSchema]).optional(),
    /** What computes a step. Default `auto`: the fastest that works here. The bits depend on it. */
    engine: value<EngineName>('the name of an engine', isText).optional(),
    /** A worker on each of these, such as `cpu*4,cuda:0`; instead of `workers`. */
    devices: text('a list of devices, such as "cpu*4,cuda:0"').optional(),
    /** Of the engine `tensorflow`: compile with XLA. Default `auto`: timed, and the faster taken. */
    xla: value<boolean | 'auto'>(
      'true, false or "auto"',
      (v) => typeof v === 'boolean' || v === 'auto',
    ).optional(),
    /** Worker threads; changes nothing in the result. Default `auto`: as many as can be of use. */
    workers: value<number | 'auto'>(
      `"auto", or a whole number from 1 to ${MAX_WORKERS}`,
      (v) => v === 'auto' || (isPositiveInteger(v) && v <= MAX_WORKERS),
    ).optional(),
    /** Examples in a step, over all workers. */
    batchSize: positiveInteger.optional(),
    /** Examples a worker takes at a time. Default: about a quarter of the batch, at most 128. */
    microBatch: positiveInteger.optional(),
    /** Passes over the training data. */
    epochs: positiveInteger.optional(),
    /** Steps to run; instead of `epochs`. */
    steps: positiveInteger.optional(),
    learningRate: positiveNumber.optional(),
    /**
     * Multiply the learning rate by batchSize / the default batchSize of the preset, or 128 for a
     * model file (Goyal et al. 2017, "linear scaling rule"). Changes nothing at that batch size.
     */
    scaleLr: flag.optional(),
    /** A name, or a name with settings that differ from PyTorch's defaults. */
    optimizer: named<OptimizerSetting>().optional(),
    /** Settings of the optimizer for some of the parameters; each belongs to the first that matches. */
    groups: z.array(groupSettings, { error: 'a list of groups of parameters' }).optional(),
    /** How the learning rate changes over the run. Default `constant`. */
    schedule: named<ScheduleSetting>().optional(),
    /** Clip the gradient to this global L2 norm. */
    clipNorm: positiveNumber.optional(),
    /** Keep a moving average of the weights with this decay, and evaluate that. */
    ema: z.union([decay, emaSettings]).optional(),
    /** End the run when the loss on the validation data, or without such on the test data, has not improved for so many epochs; the best is kept. */
    earlyStopping: z.union([positiveInteger, earlyStoppingSettings]).optional(),
    /** Of initial weights, shuffle and noise. Default 0. */
    seed: wholeNumber.optional(),
    /** How workers exchange gradients. Default `shared`. */
    channel: z.enum(CHANNELS).optional(),
    /** The run folder. Default `runs/<model>-<time>`. */
    out: text('the path of a folder').optional(),
    checkpoint: checkpointSettings.optional(),
  },
  { error: 'an object of settings' },
);

export type TrainConfig = z.input<typeof trainConfigSchema>;
export type DataSettings = z.input<typeof dataSchema>;

/** Data named by its source alone, as settings. */
export function dataSettings(data: TrainConfig['data'] = {}): DataSettings {
  return typeof data === 'string' ? { source: data } : data;
}

/** The objects of the schema, by their path; indices into lists are left out. */
export const SETTINGS: Readonly<Record<string, object>> = {
  '': trainConfigSchema.shape,
  data: dataSchema.shape,
  modelOptions: modelSettings.shape,
  checkpoint: checkpointSettings.shape,
  earlyStopping: earlyStoppingSettings.shape,
  groups: groupSettings.shape,
  ema: emaSettings.shape,
};

/** Completes and checks a configuration file while it is written. */
export function defineConfig(config: TrainConfig): TrainConfig {
  return config;
}
