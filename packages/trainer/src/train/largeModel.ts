/** What to say of a large model before anything of it is made: making and compiling it takes a while. */
import { largestTensor, leastBytes, parameterCount } from '@lockstep/collective';
import { arenaSpec, type PreparedJob } from '../job.ts';

const LARGE_BYTES = 2 ** 30;

/** In a sentence; undefined where there is nothing to say. */
export function largeModelNotice(job: PreparedJob): string | undefined {
  const spec = arenaSpec(job);
  const bytes = leastBytes(spec);
  if (bytes < LARGE_BYTES) return undefined;
  const { name, shape } = largestTensor(spec) ?? { name: 'none', shape: [] };
  const slots = `${spec.slots} gradient slot${spec.slots === 1 ? '' : 's'}`;
  return (
    `A large model: ${job.model.name} has ${parameterCount(spec).toLocaleString('en-US')} parameters, ` +
    `most of them in ${name} [${shape.join(', ')}]. With the optimizer's state and ${slots} ` +
    `training takes ${(bytes / 2 ** 30).toFixed(1)} GiB; making ready takes a while.`
  );
}
