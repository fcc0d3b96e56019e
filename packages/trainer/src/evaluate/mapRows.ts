/**
 * Runs a function of the model, or one derived from it, over many examples on all workers: the tasks
 * are those of an evaluation, and each leaves its outputs at the examples' own places. So the rows do
 * not depend on how many workers there are.
 */
import { createChannel, type Channel } from '@lockstep/collective';
import { rowsOf, type Rows } from '@lockstep/core/metrics';
import { noiseKinds, stagingBytesPerWorker, type Dataset, type NoiseKind } from '@lockstep/data';
import { modelFunction } from '@lockstep/engine';
import { channelCodec } from '../channelCodec.ts';
import { planSteps } from '../config/microBatches.ts';
import { RunError } from '../errors.ts';
import { firstEngine, updateRule, type Job } from '../job.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { elementCount, type NamedTensor } from '../run/namedTensor.ts';
import { writeTensors } from '../train/arenaTensors.ts';
import type { WorkerPool } from '../workerPool.ts';
import { deriveModel, type DerivedModel } from './derivedModel.ts';
import type { ProgressTeller } from './progress.ts';

/** Where a pass is cut does not depend on how the model was trained. */
const CUT = { batchSize: 2048, microBatch: 128, slots: 16 } as const;

export type RowsByOutput = Readonly<Record<string, Rows>>;

export interface MapOptions {
  readonly part: 'train' | 'test';
  /** The first so many of the part. */
  readonly examples: number;
  /** Default: that of evaluations. */
  readonly noiseKind?: NoiseKind;
  /** Parameters of the feature network, where the function has one. */
  readonly network?: readonly NamedTensor[];
  /** How often to run it, each time with other noise. Default 1. */
  readonly draws?: number;
  /** Called after each draw; the rows are overwritten by the next. */
  onDraw?(rows: RowsByOutput): void;
}

export class RowMapper {
  readonly #job: Job;
  readonly #pool: WorkerPool;
  readonly #checkpoint: Checkpoint;
  readonly #model: DerivedModel;
  readonly #progress: ProgressTeller;
  readonly #parts = new Map<string, Promise<Dataset>>();

  constructor(job: Job, pool: WorkerPool, checkpoint: Checkpoint, progress: ProgressTeller) {
    this.#job = job;
    this.#pool = pool;
    this.#checkpoint = checkpoint;
    this.#progress = progress;
    const network = job.example.classes !== undefined;
    this.#model = deriveModel(job.model, { example: job.example, network });
  }

  /** One part of the data, loaded once. */
  data(part: 'train' | 'test'): Promise<Dataset> {
    const known = this.#parts.get(part);
    if (known) return known;
    const functions = Object.values(this.#model.functions).map(({ inputs, noise }) =>
      stagingBytesPerWorker({ inputs: dataInputs(inputs), noise, microBatch: CUT.microBatch }),
    );
    const stagingBytes = Math.max(0, ...functions) * this.#job.config.workers;
    const loaded = this.#job.data.load(part, { stagingBytes });
    this.#parts.set(part, loaded);
    return loaded;
  }

  /** @throws RunError where an output is not finite */
  async map(name: string, options: MapOptions): Promise<RowsByOutput> {
    const { examples, draws = 1, network } = options;
    const job = this.#job;
    const derived = { example: job.example, network: network !== undefined };
    const model = deriveModel(job.model, derived);
    const fn = model.functions[name];
    if (!fn) throw new Error(`no function ${name}`);
    const data = await this.data(options.part);
    const plan = planSteps({ ...CUT, examples });
    const cut = { ...CUT, microBatch: plan.microBatch };
    const compiled = await firstEngine(job).compile(modelFunction(model, name, plan.microBatch));
    const outputs = Object.fromEntries(
      Object.entries(fn.outputs).map(([output, shape]) => [
        output,
        new SharedArrayBuffer(4 * examples * elementCount(shape)),
      ]),
    );
    const { coordinator, links } = this.#openChannel(model, plan.slots, network ?? []);
    const work = this.#pool.runRows(
      links.map((link, worker) => ({
        worker,
        link,
        cut,
        data,
        examples,
        compiled,
        outputs,
        inputs: fn.inputs,
        noise: fn.noise,
        seed: job.config.seed,
        noiseKind: options.noiseKind ?? noiseKinds.evaluation,
        source: { model: { ...derived, reference: job.config.model }, name },
      })),
    );
    // Where it fails, `run` below says so first.
    work.catch(() => undefined);
    const rows: RowsByOutput = Object.fromEntries(
      Object.entries(outputs).map(([output, buffer]) => [
        output,
        rowsOf(new Float32Array(buffer), elementCount(fn.outputs[output] ?? [])),
      ]),
    );
    let rounds = 0;
    const onRound = (): void => this.#progress.tell(name, ++rounds, draws * plan.stepsPerEpoch);
    try {
      for (let draw = 0; draw < draws; draw++) {
        const from = draw * plan.stepsPerEpoch;
        const until = from + plan.stepsPerEpoch;
        await coordinator.run({ kind: 'evaluate', from, until }, { onRound });
        checkFinite(name, rows);
        options.onDraw?.(rows);
      }
    } finally {
      coordinator.stop();
    }
    await work;
    return rows;
  }

  #openChannel(model: DerivedModel, slots: number, network: readonly NamedTensor[]): Channel {
    const { config } = this.#job;
    const { step, parameters } = this.#checkpoint;
    const channel = createChannel(
      config.channel,
      {
        parameters: model.parameters.map(({ name, shape }) => ({ name, shape })),
        slots,
        metrics: [1],
        moments: 0,
        workers: config.workers,
        clip: false,
        scratch: false,
      },
      updateRule(this.#job),
      { codec: channelCodec, failure: this.#pool.failure },
    );
    channel.coordinator.step = step;
    const tensors = { parameters: [...parameters, ...network], moments: {} };
    writeTensors(channel.coordinator.arena, step, tensors);
    return channel;
  }
}

/** What of a function's inputs the data has; the rest (z of `decode`) is never asked for here. */
function dataInputs<T>(inputs: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => name === 'x' || name === 'label'),
  );
}

function checkFinite(name: string, rows: RowsByOutput): void {
  for (const [output, { data, dim }] of Object.entries(rows)) {
    const at = data.findIndex((value: number) => !Number.isFinite(value));
    if (at < 0) continue;
    throw new RunError({
      code: 'RUN_NOT_FINITE',
      where: `${name}, example ${Math.floor(at / dim)}`,
      expected: `finite values of ${output}`,
      got: String(data[at]),
      fix: "Evaluate an earlier checkpoint, or look at the model's logarithms and divisions.",
    });
  }
}
