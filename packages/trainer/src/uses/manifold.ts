/** What a 2-D latent space decodes to, as a picture. Kingma, Welling (2014), figure 4. */
import { manifoldPoints } from '@lockstep/core/metrics';
import { RunError } from '../errors.ts';
import { drawnImages } from '../run/exampleImages.ts';
import { encodePng, imageGrid } from '../run/imageGrid.ts';
import { elementCount } from '../run/namedTensor.ts';
import type { TrainedModel } from './openTrained.ts';

const SIDE = 20;

/** @throws RunError where the latent space is no plane */
export function checkManifold(trained: TrainedModel): void {
  trained.require('decode');
  const { inputs = {} } = trained.model.functions?.['decode'] ?? {};
  const dim = elementCount(inputs['z'] ?? [0]);
  if (dim !== 2 || Object.keys(inputs).length !== 1) {
    throw new RunError({
      code: 'RUN_NO_PLANE',
      where: '--manifold',
      expected: 'a model that decodes 2 latent dimensions',
      got: `one that decodes ${
        Object.entries(inputs)
          .map(([name, shape]) => `${name} [${shape.join(', ')}]`)
          .join(', ') || 'nothing'
      }`,
      fix: 'Leave it out, or train with --latent-dim 2 (preset mlp-2d).',
    });
  }
}

/** As PNG. @throws RunError where the latent space is no plane, or what it decodes to no images */
export async function manifoldPicture(trained: TrainedModel): Promise<Uint8Array> {
  checkManifold(trained);
  const count = SIDE * SIDE;
  const call = { count, inputs: { z: manifoldPoints(SIDE) }, seed: 0 };
  const { x = new Float32Array() } = await trained.run('decode', call);
  const shape = [count, ...trained.outputShape('decode', 'x')];
  const images = drawnImages(trained.format.kind, { data: x, shape });
  const grid = imageGrid(images, { columns: SIDE, padding: 0 });
  return (await encodePng(grid)).png;
}
