/**
 * Runs a model's functions other than its loss (sample, reconstruct ...) in this thread, on
 * parameters at rest. Compiled once for each function and number of examples; many are run some at a time, so
 * that signals are heard between.
 */
import { setImmediate } from 'node:timers/promises';
import { fillNoise, type Model, type NoiseSpec } from '@lockstep/core';
import { modelFunction, type BoundExecutable, type Engine } from '@lockstep/engine';
import { RunError } from './errors.ts';
import { elementCount, type NamedTensor } from './run/namedTensor.ts';

const MOST_AT_ONCE = 128;

interface Prepared {
  readonly bound: BoundExecutable;
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

export interface FunctionCall {
  readonly name: string;
  readonly count: number;
  readonly parameters: readonly NamedTensor[];
  /** Values by input name, `count` examples each. */
  readonly inputs?: Readonly<Record<string, Float32Array>>;
  readonly seed: number;
  /** Times the normal noise that the seed draws. Default 1. */
  readonly temperature?: number;
  /** Instead of what the seed draws, by name. */
  readonly noise?: Readonly<Record<string, Float32Array>>;
  /** Told of examples done, where they are run some at a time; may throw, to end it. */
  onPiece?(done: number, count: number): void;
}

/** Some of a call's examples. */
interface CallPiece {
  readonly first: number;
  readonly taken: number;
}

type Outputs = Readonly<Record<string, Float32Array>>;

export class ModelFunctions {
  readonly #model: Model;
  readonly #engine: Engine;
  readonly #prepared = new Map<string, Prepared>();

  constructor(model: Model, engine: Engine) {
    this.#model = model;
    this.#engine = engine;
  }

  has(name: string): boolean {
    return this.#model.functions?.[name] !== undefined;
  }

  /** Names of what a function draws. */
  noiseOf(name: string): readonly string[] {
    return Object.keys(this.#function(name).noise);
  }

  /** Shape of one output example. */
  outputShape(name: string, output: string): readonly number[] {
    return this.#function(name).outputs[output] ?? [];
  }

  /**
   * Outputs by name; the arrays may be reused by the next call of the same function and count.
   * @throws RunError where the model has no such function
   */
  async run(call: FunctionCall): Promise<Outputs> {
    const { count } = call;
    if (count <= MOST_AT_ONCE) return this.#runPiece(call, { first: 0, taken: count });
    const whole: Record<string, Float32Array> = {};
    for (let first = 0; first < count; first += MOST_AT_ONCE) {
      const taken = Math.min(MOST_AT_ONCE, count - first);
      const outputs = await this.#runPiece(call, { first, taken });
      for (const [name, data] of Object.entries(outputs)) {
        const size = data.length / taken;
        whole[name] ??= new Float32Array(count * size);
        whole[name].set(data, first * size);
      }
      await setImmediate();
      call.onPiece?.(first + taken, count);
    }
    return whole;
  }

  async #runPiece(call: FunctionCall, { first, taken }: CallPiece): Promise<Outputs> {
    const { noise } = this.#function(call.name);
    const { bound, inputs, outputs } = await this.#prepare(call.name, taken);
    const pieceOf = (values: Float32Array): Float32Array => {
      const size = values.length / call.count;
      return values.subarray(first * size, (first + taken) * size);
    };
    for (const { name, data } of call.parameters) inputs[`param/${name}`]?.set(data);
    for (const [name, data] of Object.entries(call.inputs ?? {})) {
      inputs[`batch/${name}`]?.set(pieceOf(data));
    }
    Object.entries(noise).forEach(([name, spec], stream) => {
      const buffer = inputs[`noise/${name}`];
      const given = call.noise?.[name];
      if (given) buffer?.set(pieceOf(given));
      else if (buffer) drawNoise(buffer, spec, { ...call, stream, first });
    });
    await bound.run();
    return outputs;
  }

  async #prepare(name: string, count: number): Promise<Prepared> {
    const key = `${name}/${count}`;
    const known = this.#prepared.get(key);
    if (known) return known;
    const fn = modelFunction(this.#model, name, count);
    const executable = await this.#engine.load(await this.#engine.compile(fn), () =>
      Promise.resolve(fn),
    );
    const inputs = allocate(executable.inputs);
    const outputs = allocate(executable.outputs);
    const prepared = {
      bound: executable.bind(inputs, outputs),
      inputs,
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([key, data]) => [key.replace('output/', ''), data]),
      ),
    };
    this.#prepared.set(key, prepared);
    return prepared;
  }

  #function(name: string): NonNullable<Model['functions']>[string] {
    const { functions = {}, name: model } = this.#model;
    const found = functions[name];
    if (found) return found;
    throw new RunError({
      code: 'RUN_NO_SUCH_FUNCTION',
      where: `model ${model}`,
      expected: `a function "${name}"`,
      got: Object.keys(functions).join(', ') || 'a model without functions',
      fix: `Give the model functions.${name}, or use a model that has it.`,
    });
  }
}

/** An output that the function has. */
export function required(output: Float32Array | undefined): Float32Array {
  if (!output) throw new Error('the function has this output');
  return output;
}

function allocate(
  specs: Readonly<Record<string, { readonly shape: readonly number[] }>>,
): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [name, new Float32Array(elementCount(shape))]),
  );
}

function drawNoise(
  buffer: Float32Array,
  spec: NoiseSpec,
  {
    seed,
    stream,
    first,
    temperature = 1,
  }: Pick<FunctionCall, 'seed' | 'temperature'> &
    Pick<CallPiece, 'first'> & { readonly stream: number },
): void {
  const size = elementCount(spec.shape);
  for (let i = 0; i * size < buffer.length; i++) {
    const part = buffer.subarray(i * size, (i + 1) * size);
    const example = first + i;
    fillNoise(part, spec.distribution, { seed, kind: 'sampling', stream, epoch: 0, example });
    if (spec.distribution === 'normal' && temperature !== 1) {
      for (let k = 0; k < size; k++) part[k] = (part[k] ?? 0) * temperature;
    }
  }
}
