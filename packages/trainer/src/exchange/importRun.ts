/** A run folder from weights that another program trained: the command `import`. */
import { join } from 'node:path';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import { ConfigError } from '../errors.ts';
import { dataSummary, prepareJob, type PreparedJob } from '../job.ts';
import type { Checkpoint, Json } from '../run/checkpoint.ts';
import { writeCheckpoint } from '../run/checkpointFolder.ts';
import type { NamedTensor } from '../run/namedTensor.ts';
import { checkNoRun, createRunFolder } from '../run/runFolder.ts';
import { weightsSha256 } from '../run/weightsSha256.ts';
import { writeFileAtomically } from '../run/writeFileAtomically.ts';
import { MeanMetrics } from '../train/meanMetrics.ts';
import { assignTensors, type Assignment } from './assignTensors.ts';
import { readWeights } from './readWeights.ts';
import { takeValues } from './takeValues.ts';
import { NO_MAP, readMap } from './tensorMap.ts';

export interface ImportOptions {
  /** Path of a safetensors or NPZ file. */
  readonly weights: string;
  /** Path of a map file; by default names and shapes must tell. */
  readonly map?: string | undefined;
  /** Of the run; `out` must be there. */
  readonly config: ResolvedConfig;
}

export interface ImportResult {
  readonly run: string;
  readonly checkpoint: string;
  /** What became what. */
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly from: string;
    readonly fromShape: readonly number[];
    readonly dtype: string;
  }[];
  readonly weightsSha256: string;
}

/**
 * Leaves nothing behind where it fails.
 * @throws ExchangeError, ConfigError, DataError, ModelError, RunError
 */
export async function importRun({ weights, map, config }: ImportOptions): Promise<ImportResult> {
  const { out } = config;
  if (out === undefined) throw noFolder();
  checkNoRun(out);
  const given = map === undefined ? NO_MAP : await readMap(map);
  const tensors = await readWeights(weights);
  const job = await prepareJob(config);
  await job.data.close();
  const assignments = await assignTensors(job.model, tensors, {
    map: given,
    where: weights,
    microBatch: config.microBatch,
  });
  const values = takeValues(assignments, weights);
  const folder = await createRunFolder(out, config);
  try {
    const checkpoint = await writeCheckpoint(folder.checkpoints, untrained(job, values), 1);
    await writeFileAtomically(join(folder.path, 'map.json'), mapText(assignments));
    return {
      run: folder.path,
      checkpoint,
      parameters: assignments.map(({ name, shape, from }) => {
        return { name, shape, from: from.name, fromShape: from.shape, dtype: from.dtype };
      }),
      weightsSha256: weightsSha256(values),
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** A run that has made no step yet: it can be resumed, too. */
function untrained(job: PreparedJob, parameters: readonly NamedTensor[]): Checkpoint {
  const { config, model } = job;
  return {
    model: model.name,
    seed: config.seed,
    step: 0,
    examplesSeen: 0,
    config,
    data: dataSummary(job),
    state: { epoch: new MeanMetrics(model.metrics).sums } as unknown as Json,
    parameters,
    moments: {},
  };
}

/** The whole map, with nothing left to be found: kept in the run folder, and good for another import. */
function mapText(assignments: readonly Assignment[]): string {
  const parameters = Object.fromEntries(
    assignments.map(({ name, from, steps, squareOf }) => [
      name,
      {
        from: from.name,
        shape: from.shape,
        steps,
        ...(squareOf && { plusSquareOf: squareOf.name }),
      },
    ]),
  );
  return `${JSON.stringify({ parameters }, null, 2)}\n`;
}

function noFolder(): ConfigError {
  return new ConfigError({
    code: 'CONFIG_OUT',
    where: '--out',
    expected: 'the run folder to make',
    got: 'none',
    fix: 'Give --out a folder.',
  });
}
