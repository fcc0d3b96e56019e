/** How near reconstructions are to the data. */
import { hasSsim, meanOf } from '@lockstep/core/metrics';
import { firstLack, lacksFunction, lacksNumbers } from '../lacks.ts';
import type { Lack, Metric, MetricInputs } from '../metric.ts';
import { rowsNamed, type MetricContext } from '../metricContext.ts';

const lacksReconstruct = lacksFunction('reconstruct', 'x');

/** Squared error of reconstructions, mean over values in [0, 1]. */
export const mse: Metric = {
  name: 'mse',
  lacks: firstLack(lacksReconstruct, lacksNumbers),
  compute: async (context) => ({ mse: await quality(context, 'mse') }),
};

/** Structural similarity of reconstructions, 11x11 Gaussian window. */
export const ssim: Metric = {
  name: 'ssim',
  lacks: firstLack(lacksReconstruct, lacksWindow),
  compute: async (context) => ({ ssim: await quality(context, 'ssim') }),
};

function lacksWindow({ example: { shape } }: MetricInputs): Lack | undefined {
  if (hasSsim(shape)) return undefined;
  return {
    expected: 'images of at least 11x11 pixels',
    got: `examples of shape [${shape.join(', ')}]`,
    fix: 'Leave the metric out, or make the images larger (--resize).',
  };
}

async function quality(context: MetricContext, name: 'mse' | 'ssim'): Promise<number> {
  const rows = await context.once('quality', () =>
    context.mapper.map('quality', { part: 'test', examples: context.job.data.test.count }),
  );
  return meanOf(rowsNamed(rows, name).data);
}
