/**
 * The latents of examples as a table, and pictures of them: the command `embed`. The table is written
 * piece by piece; the pictures show the first examples.
 */
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { latentKl, latentOrder, type Rows } from '@lockstep/core/metrics';
import { classNamesOf } from '@lockstep/data';
import { ConfigError } from '../errors.ts';
import { barPlot } from '../plot/barPlot.ts';
import { checkPlotPath, drawPlot } from '../plot/drawPlot.ts';
import { scatterPlot } from '../plot/scatterPlot.ts';
import { projectToPlane, type Plane, type Projection } from '../projection/projectToPlane.ts';
import { checkTablePath } from '../results/resultTable.ts';
import { checkOutput } from '../run/checkOutput.ts';
import { writeTogether, type FileSet } from '../run/fileSet.ts';
import { checkKeep, type KeepOptions } from './exampleTable.ts';
import { checkExamplePath } from './exampleFile.ts';
import { encodeInPieces, KeptRows, latentsOf, type Latents } from './latents.ts';
import {
  openLatentsTable,
  variancesPath,
  type EmbeddedFile,
  type LatentsTable,
} from './latentsTable.ts';
import { checkManifold, manifoldPicture } from './manifold.ts';
import type { Noticed } from './notices.ts';
import type { TrainedModel, UseData } from './openTrained.ts';
import type { NamedFile } from './checkFiles.ts';
import { trueClasses } from './trueClasses.ts';
import { openUseData, type DataChoice } from './useData.ts';
import type { UseOptions } from './useOptions.ts';
import { withTrained } from './withTrained.ts';

export interface EmbedOptions extends UseOptions, DataChoice, KeepOptions {
  /** Table: .csv, .parquet, or .npy (the matrix alone, log variances in a second file). */
  readonly out?: string;
  /** A scatter plot, .png or .svg. */
  readonly plot?: string;
  /** How more than two dimensions become two. Default `pca`; `umap` takes 3 ms an example. */
  readonly projection?: Projection;
  /** The mean KL of each latent dimension as bars, .png or .svg. */
  readonly klPlot?: string;
  /** What a 2-D latent space decodes to, .png. */
  readonly manifold?: string;
  /** The first so many examples; default: all. */
  readonly count?: number;
  /** Of UMAP. Default 0. */
  readonly seed?: number;
}

export interface EmbedResult extends Noticed {
  /** Path of the checkpoint. */
  readonly checkpoint: string;
  readonly step: number;
  readonly source: string;
  readonly examples: number;
  readonly latents: Latents;
  /** Mean KL of each dimension from N(0, 1) in nats, where the model has variances. */
  readonly kl?: readonly number[];
  /** What the scatter plot shows. */
  readonly projection?: string;
  readonly files: readonly EmbeddedFile[];
}

/** Most points of a scatter plot. */
const MOST_DRAWN = 10_000;

/**
 * @param run a run folder, or one of its checkpoint files
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export async function embedRun(run: string, options: EmbedOptions): Promise<EmbedResult> {
  checkOptions(options);
  return withTrained(run, options, (trained) =>
    writeTogether((files) => embed(trained, options, files)),
  );
}

async function embed(
  trained: TrainedModel,
  options: EmbedOptions,
  files: FileSet,
): Promise<EmbedResult> {
  const latents = latentsOf(trained);
  checkKl(trained, latents, options);
  checkProjection(latents, options);
  if (options.manifold !== undefined) checkManifold(trained);
  const data = await openUseData(trained, options, { outputs: outputsOf(options, latents) });
  const examples = Math.min(options.count ?? Infinity, data.info.count);
  const kept = new KeptRows(
    options.plot === undefined ? 0 : Math.min(examples, MOST_DRAWN),
    latents.dim,
  );
  const kl = new Float64Array(latents.hasLogVar ? latents.dim : 0);
  const { out } = options;
  const table =
    out === undefined ? undefined : await openTable(trained, data, { ...options, out, files });
  let tables: EmbeddedFile[] = [];
  try {
    await encodeInPieces(trained, data, {
      examples,
      onRows: async (rows, piece) => {
        const codes = rows[latents.output];
        const logVar = latents.hasLogVar ? rows['logVar'] : undefined;
        if (!codes) throw new Error(`encode gave no ${latents.output}`);
        kept.addAll(codes);
        if (logVar) addKl(kl, codes, logVar);
        await table?.append(codes, logVar, piece);
      },
    });
    if (table) tables = await table.finish();
  } finally {
    await table?.close();
  }
  const means = Array.from(kl, (sum) => sum / examples);
  const computed = await computePictures(trained, kept.rows, options);
  const given = { data, kl: means, files, options, ...computed };
  const { note, pictures } = await drawPictures(trained, given);
  const { checkpoint, step } = trained;
  return {
    checkpoint,
    step,
    source: data.info.source,
    examples,
    latents,
    ...(latents.hasLogVar && { kl: means }),
    ...(note !== undefined && { projection: note }),
    files: [...tables, ...pictures],
  };
}

/** All that is written. */
function outputsOf({ out, plot, klPlot, manifold }: EmbedOptions, latents: Latents): NamedFile[] {
  const beside = out === undefined ? undefined : variancesPath(out, latents);
  if (beside !== undefined) checkOutput(beside, '--out');
  return [
    { path: out, where: '--out' },
    { path: beside, where: '--out' },
    { path: plot, where: '--plot' },
    { path: klPlot, where: '--kl-plot' },
    { path: manifold, where: '--manifold' },
  ];
}

function openTable(
  trained: TrainedModel,
  data: UseData,
  { out, keep, files }: KeepOptions & { readonly out: string; readonly files: FileSet },
): Promise<LatentsTable> {
  return openLatentsTable(out, latentsOf(trained), {
    ...{ data, files, classes: trueClasses(trained, data) },
    ...(keep && { keep }),
  });
}

/** What takes long of pictures. */
interface Pictured {
  readonly plane: Plane | undefined;
  /** PNG. */
  readonly manifold: Uint8Array | undefined;
}

async function computePictures(
  trained: TrainedModel,
  kept: Rows,
  { plot, manifold, projection = 'pca', seed = 0 }: EmbedOptions,
): Promise<Pictured> {
  trained.tell(0, 0, plot === undefined ? 'pictures' : projection);
  const computed = {
    plane:
      plot === undefined ? undefined : await projectToPlane(kept, { method: projection, seed }),
    manifold: manifold === undefined ? undefined : await manifoldPicture(trained),
  };
  // Signals that came meanwhile are heard now.
  await setImmediate();
  trained.tell(0, 0, 'pictures');
  return computed;
}

interface Drawn extends Pictured {
  readonly data: UseData;
  readonly kl: readonly number[];
  readonly files: FileSet;
  readonly options: EmbedOptions;
}

/** The pictures, and what the scatter plot shows. */
async function drawPictures(
  trained: TrainedModel,
  { data, kl, files, options, plane, manifold }: Drawn,
): Promise<{ readonly note: string | undefined; readonly pictures: readonly EmbeddedFile[] }> {
  const { plot, klPlot } = options;
  const pictures: EmbeddedFile[] = [];
  let note: string | undefined;
  if (plot !== undefined && plane) {
    const classNames = classNamesOf(trained.format);
    const drawn = plane.points.count;
    const some = drawn < (options.count ?? data.info.count) ? `; first ${drawn} examples` : '';
    note = `${plane.note}${some}`;
    const spec = scatterPlot({
      points: plane.points,
      title: `Latents of ${basename(data.info.source)}`,
      subtitle: `model ${trained.model.name}, ${note}`,
      xTitle: plane.xTitle,
      yTitle: plane.yTitle,
      ...(data.labels && { labels: data.labels.subarray(0, drawn) }),
      ...(classNames && { classNames }),
    });
    await drawPlot(spec, plot, files);
    pictures.push({ kind: 'scatter', path: plot });
  }
  if (klPlot !== undefined) {
    const order = latentOrder(kl);
    const spec = barPlot({
      title: `What each latent dimension tells of ${basename(data.info.source)}`,
      subtitle: `model ${trained.model.name}`,
      nameTitle: 'latent dimension',
      valueTitle: 'mean KL from N(0, 1), nats',
      bars: Array.from(order, (j) => ({ name: `z${j}`, value: kl[j] ?? 0 })),
    });
    await drawPlot(spec, klPlot, files);
    pictures.push({ kind: 'kl', path: klPlot });
  }
  if (options.manifold !== undefined && manifold) {
    await files.write(options.manifold, manifold);
    pictures.push({ kind: 'manifold', path: options.manifold });
  }
  return { note, pictures };
}

/** Adds the sums over the rows. */
function addKl(sums: Float64Array, mu: Rows, logVar: Rows): void {
  latentKl({ mu, logVar }).forEach((mean, j) => {
    sums[j] = (sums[j] ?? 0) + mean * mu.count;
  });
}

function checkOptions(options: EmbedOptions): void {
  const { out, plot, klPlot, manifold, projection, seed } = options;
  if (out !== undefined) checkTablePath(out);
  checkKeep(options);
  if (plot !== undefined) checkPlotPath(plot, '--plot');
  if (klPlot !== undefined) checkPlotPath(klPlot, '--kl-plot');
  if (manifold !== undefined) checkExamplePath(manifold, { kind: 'image' }, '--manifold');
  if ([out, plot, klPlot, manifold].every((path) => path === undefined)) {
    throw new ConfigError({
      code: 'CONFIG_NOTHING_TO_WRITE',
      where: '--out',
      expected: 'a file to write: --out, --plot, --kl-plot or --manifold',
      got: 'none',
      fix: 'Add --out latents.csv, for example.',
    });
  }
  if (seed !== undefined && projection !== 'umap') {
    throw new ConfigError({
      code: 'CONFIG_USELESS_FLAG',
      where: '--seed',
      expected: '--projection umap beside it: nothing else is drawn at random',
      got: `--seed ${seed} without it`,
      fix: 'Leave it out.',
    });
  }
  if (projection !== undefined && plot === undefined) {
    throw new ConfigError({
      code: 'CONFIG_USELESS_FLAG',
      where: '--projection',
      expected: '--plot beside it',
      got: `--projection ${projection} alone`,
      fix: 'Leave it out, or add --plot latents.png.',
    });
  }
}

function checkProjection({ dim }: Latents, { projection }: EmbedOptions): void {
  if (projection === undefined || dim > 2) return;
  throw new ConfigError({
    code: 'CONFIG_USELESS_FLAG',
    where: '--projection',
    expected: 'a model with more than 2 latent dimensions, of which a picture shows a projection',
    got: `${projection} of ${dim}, drawn as ${dim === 1 ? 'it is' : 'they are'}`,
    fix: 'Leave it out.',
  });
}

function checkKl(trained: TrainedModel, { hasLogVar }: Latents, { klPlot }: EmbedOptions): void {
  if (klPlot === undefined || hasLogVar) return;
  throw new ConfigError({
    code: 'CONFIG_NO_KL',
    where: '--kl-plot',
    expected: 'a model whose `encode` returns logVar',
    got: `model ${trained.model.name}, which has none`,
    fix: 'Leave it out.',
  });
}
