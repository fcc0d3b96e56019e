/** Pictures after each epoch, of the models that can draw some. */
import type { Dataset } from '@lockstep/data';
import type { ArtifactEvent } from '@lockstep/protocol';
import { firstEngine, type Job } from '../job.ts';
import { ModelFunctions } from '../modelFunctions.ts';
import { drawReconstructions, drawSamples, isImageShape } from '../pictures.ts';
import type { PngImage } from '../run/imageGrid.ts';
import type { NamedTensor } from '../run/namedTensor.ts';
import type { RunFolder } from '../run/runFolder.ts';
import { writeFileAtomically } from '../run/writeFileAtomically.ts';
import type { Recorder } from './recorder.ts';

const COUNT = 64;

export class EpochPictures {
  readonly #job: Job;
  readonly #folder: RunFolder;
  readonly #recorder: Recorder;
  readonly #watched: Dataset;
  readonly #functions: ModelFunctions;

  constructor(
    job: Job,
    run: { readonly folder: RunFolder; readonly recorder: Recorder; readonly watched: Dataset },
  ) {
    this.#job = job;
    this.#folder = run.folder;
    this.#recorder = run.recorder;
    this.#watched = run.watched;
    this.#functions = new ModelFunctions(job.model, firstEngine(job));
  }

  async draw(epoch: number, step: number, parameters: readonly NamedTensor[]): Promise<void> {
    const functions = this.#functions;
    const { config, data } = this.#job;
    const { seed } = config;
    const { kind } = data.train.format;
    const drawable = (name: string): boolean =>
      functions.has(name) && isImageShape(functions.outputShape(name, 'x'));
    if (drawable('sample')) {
      const picture = await drawSamples(functions, { kind, count: COUNT, parameters, seed });
      await this.#keep('samples', picture, epoch, step);
    }
    if (drawable('reconstruct')) {
      const count = Math.min(COUNT, this.#watched.count);
      const options = { kind, count, parameters, seed };
      const picture = await drawReconstructions(functions, this.#watched, options);
      await this.#keep('reconstructions', picture, epoch, step);
    }
  }

  async #keep(
    kind: Extract<ArtifactEvent['kind'], 'samples' | 'reconstructions'>,
    picture: PngImage,
    epoch: number,
    step: number,
  ): Promise<void> {
    const path = this.#folder.picture(kind, epoch);
    await writeFileAtomically(path, picture.png);
    this.#recorder.tensorboard.image(step, kind, picture);
    this.#recorder.record({ event: 'artifact', kind, path });
  }
}
