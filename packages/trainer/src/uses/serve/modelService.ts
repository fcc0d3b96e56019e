/**
 * What a trained model answers, one JSON value at a time and many together: what `lockstep serve` puts on
 * HTTP. No HTTP here.
 *
 *   encode       an example -> its latents
 *   decode       latents -> an example
 *   reconstruct  an example -> the model's idea of it
 *   score        an example -> loss (the negative ELBO), reconstruction and kl, in nats
 *
 * `score` draws the same noise for every example, so the answer depends on the example alone (its sums but
 * for their last bits: a runtime may add in an order that the place in the batch decides).
 */
import { fillNoise } from '@lockstep/core';
import type { UnknownPolicy } from '@lockstep/data/tables';
import { RunError } from '../../errors.ts';
import { elementCount } from '../../run/namedTensor.ts';
import { checkNumbers } from '../checkNumbers.ts';
import { openTrained, type TrainedModel } from '../openTrained.ts';
import type { OpenTrainedOptions } from '../useOptions.ts';
import { describeValue, notFinite, wrongInput } from './inputError.ts';
import { numbersCodec } from './numbersCodec.ts';
import { RowBatcher, type Row } from './rowBatcher.ts';
import { exampleCodec } from './exampleCodec.ts';
import { unknownPolicy } from './unknownPolicy.ts';
import type { JsonSchema, ValueCodec } from './valueCodec.ts';

const SERVICE_USES = ['encode', 'decode', 'reconstruct', 'score'] as const;
export type ServiceUse = (typeof SERVICE_USES)[number];

/**
 * Of every batch, filled up with zeros: runtimes add in another order in batches of another size, and an
 * answer would depend on who asks besides.
 */
const BATCH_SIZE = 16;

/** Most inputs of a request: a few bytes of latents decode to thousands of values. */
const MOST_INPUTS = 1024;

export interface ServiceOptions extends OpenTrainedOptions {
  /** How long a request waits for others to join it. Default 2. */
  readonly batchWaitMs?: number;
  /**
   * Of a model of tables or ratings: categories, columns and items that training did not see are an error, or
   * count as missing. Default: as the run was told to read its own.
   */
  readonly unknown?: UnknownPolicy;
}

/** What is asked, as it came. */
export interface ServiceRequest {
  readonly inputs: unknown;
  /** One an input, for models that take the label besides. */
  readonly labels?: unknown;
}

export interface ServiceFunction {
  readonly use: ServiceUse;
  readonly input: Pick<ValueCodec, 'schema' | 'example'>;
  /** By name. */
  readonly outputs: Readonly<Record<string, JsonSchema>>;
  /** How many classes there are, where the model takes the label besides. */
  readonly classes?: number;
}

export interface ModelService {
  readonly model: {
    readonly name: string;
    readonly checkpoint: string;
    readonly step: number;
    readonly kind: string;
    readonly shape: readonly number[];
  };
  /** Those that the model has. */
  readonly functions: readonly ServiceFunction[];
  /**
   * One answer an input. @throws InputError, also where an answer is not finite: nobody is told NaN or null;
   * RunError
   */
  answer(use: ServiceUse, request: ServiceRequest): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/**
 * Compiles everything, so that the first answer is as fast as others.
 * @throws as `openTrained`; RunError; ConfigError for `unknown` where nothing can be unknown
 */
export async function openService(
  run: string,
  { batchWaitMs = 2, unknown, ...options }: ServiceOptions,
): Promise<ModelService> {
  checkNumbers({ batchWaitMs });
  const trained = await openTrained(run, options);
  try {
    const how = { waitMs: batchWaitMs, unknown: unknownPolicy(trained, unknown) };
    const served = SERVICE_USES.flatMap((use) => servedOf(trained, use, how) ?? []);
    if (served.length === 0) throw nothingToServe(trained);
    for (const { warmUp } of served) await warmUp();
    const byUse = new Map(served.map((one) => [one.about.use, one]));
    const { checkpoint, step, example, format } = trained;
    return {
      model: {
        name: trained.model.name,
        checkpoint,
        step,
        kind: format.kind,
        shape: example.shape,
      },
      functions: served.map(({ about }) => about),
      answer(use, request) {
        const found = byUse.get(use);
        if (!found) throw new Error(`no ${use}`);
        return found.answer(request);
      },
      close: () => trained.close(),
    };
  } catch (error) {
    await trained.close();
    throw error;
  }
}

interface Served {
  readonly about: ServiceFunction;
  answer(request: ServiceRequest): Promise<readonly Record<string, unknown>[]>;
  warmUp(): Promise<void>;
}

function servedOf(
  trained: TrainedModel,
  use: ServiceUse,
  { waitMs, unknown }: { readonly waitMs: number; readonly unknown: UnknownPolicy },
): Served | undefined {
  const name = use === 'score' ? 'negativeElbo' : use;
  const { model, format, example } = trained;
  const fn = model.functions?.[name];
  const takes = use === 'decode' ? 'z' : 'x';
  const shape = fn?.inputs[takes];
  if (!fn || !shape) return undefined;
  const others = Object.keys(fn.inputs).filter((input) => input !== takes && input !== 'label');
  if (others.length > 0) return undefined;
  const x = exampleCodec(format, example, { support: model.support, unknown });
  const input = use === 'decode' ? numbersCodec(shape) : x;
  const outputs = Object.entries(fn.outputs).map(
    ([output, size]) => [output, output === 'x' ? x : numbersCodec(size)] as const,
  );
  const classes = fn.inputs['label'] ? (example.classes ?? 0) : undefined;
  const runRows = (rows: readonly Row[]) => runBatch(trained, name, rows);
  const batcher = new RowBatcher({ size: BATCH_SIZE, waitMs, run: runRows });
  return {
    about: {
      use,
      input,
      outputs: Object.fromEntries(outputs.map(([output, { answer }]) => [output, answer])),
      ...(classes !== undefined && { classes }),
    },
    async answer({ inputs, labels }) {
      const values = listOf(inputs);
      const given =
        classes === undefined ? noLabels(labels) : labelsOf(labels, values.length, classes);
      const rows = values.map((value, i): Row => {
        const label = given?.[i];
        const row = { [takes]: input.encode(value, `inputs[${i}]`) };
        return label === undefined ? row : { ...row, label: Float32Array.of(label) };
      });
      const answers = await batcher.run(rows);
      return answers.map((row, i) =>
        Object.fromEntries(
          outputs.map(([output, codec]) => [
            output,
            codec.decode(finiteOf(row[output], output, `inputs[${i}]`), `inputs[${i}]`),
          ]),
        ),
      );
    },
    async warmUp() {
      await runRows([]);
    },
  };
}

/** Rows, at most as many as a batch has. */
async function runBatch(
  trained: TrainedModel,
  name: string,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const size = BATCH_SIZE;
  const { inputs: shapes = {}, noise = {} } = trained.model.functions?.[name] ?? {};
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([input, shape]) => {
      const length = elementCount(shape);
      const values = new Float32Array(size * length);
      rows.forEach((row, i) => values.set(row[input] ?? [], i * length));
      return [input, values];
    }),
  );
  const drawn = Object.fromEntries(
    Object.entries(noise).map(([key, { shape, distribution }], stream) => {
      const one = new Float32Array(elementCount(shape));
      const position = { seed: 0, kind: 'sampling', stream, epoch: 0, example: 0 } as const;
      fillNoise(one, distribution, position);
      const all = new Float32Array(size * one.length);
      for (let i = 0; i < size; i++) all.set(one, i * one.length);
      return [key, all];
    }),
  );
  const outputs = await trained.run(name, { count: size, inputs, noise: drawn, seed: 0 });
  return rows.map((_, i) =>
    Object.fromEntries(
      Object.entries(outputs).map(([output, values]) => {
        const length = values.length / size;
        return [output, values.slice(i * length, (i + 1) * length)];
      }),
    ),
  );
}

function finiteOf(
  values: Float32Array = new Float32Array(),
  output: string,
  where: string,
): Float32Array {
  const other = values.find((value) => !Number.isFinite(value));
  if (other === undefined) return values;
  throw notFinite(where, `${output} of ${other}`);
}

function listOf(inputs: unknown): readonly unknown[] {
  const count = Array.isArray(inputs) ? inputs.length : 0;
  if (Array.isArray(inputs) && count > 0 && count <= MOST_INPUTS) return inputs;
  throw wrongInput('inputs', {
    expected: `a list of 1 to ${MOST_INPUTS} inputs`,
    got: describeValue(inputs),
    fix: count > 0 ? 'Send them in several requests.' : 'Send {"inputs": [...]}.',
  });
}

function noLabels(labels: unknown): undefined {
  if (labels === undefined) return undefined;
  throw wrongInput('labels', {
    expected: 'none: the model takes no labels',
    got: describeValue(labels),
    fix: 'Leave them out.',
  });
}

function labelsOf(labels: unknown, count: number, classes: number): readonly number[] {
  if (!Array.isArray(labels) || labels.length !== count) {
    throw wrongInput('labels', {
      expected: `a label for each of the ${count} inputs, since the model takes them`,
      got: describeValue(labels),
      fix: 'Send {"inputs": [...], "labels": [...]}.',
    });
  }
  return (labels as readonly unknown[]).map((label, i) => {
    if (Number.isInteger(label) && (label as number) >= 0 && (label as number) < classes) {
      return label as number;
    }
    throw wrongInput(`labels[${i}]`, {
      expected: `a whole number from 0 to ${classes - 1}`,
      got: describeValue(label),
      fix: 'Classes are numbered in the order of the training data.',
    });
  });
}

function nothingToServe({ model: { name, functions = {} } }: TrainedModel): RunError {
  return new RunError({
    code: 'RUN_NO_SUCH_FUNCTION',
    where: `model ${name}`,
    expected: 'one of the functions encode, decode, reconstruct and negativeElbo',
    got: Object.keys(functions).join(', ') || 'a model without functions',
    fix: 'Give the model one of them, or serve a run of a preset.',
  });
}
