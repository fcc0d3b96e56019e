import { CheckpointError } from '../errors.ts';
import type { NamedTensor } from './namedTensor.ts';

interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
}

const MOST_LISTED = 8;

/** The checkpoint's parameters are the model's: the same names and shapes, in the same order. */
export function checkModelMatch(
  parameters: readonly NamedTensor[],
  specs: readonly Spec[],
  where: string,
): void {
  const differences = differencesOf(parameters, specs);
  if (differences.length === 0) return;
  const listed = differences.slice(0, MOST_LISTED);
  if (differences.length > MOST_LISTED) listed.push(`${differences.length - MOST_LISTED} more`);
  throw new CheckpointError({
    code: 'CHECKPOINT_MODEL_MISMATCH',
    where,
    expected: `the model's ${specs.length} parameters`,
    got: `others: ${listed.join('; ')}`,
    fix: 'Use the preset or model file, with the options, that the checkpoint was trained with.',
  });
}

function differencesOf(stored: readonly Spec[], specs: readonly Spec[]): string[] {
  const storedByName = new Map(stored.map((spec) => [spec.name, spec]));
  const wantedNames = new Set(specs.map(({ name }) => name));
  const differences: string[] = [];
  for (const { name, shape } of specs) {
    const found = storedByName.get(name);
    if (found === undefined) differences.push(`${name} ${show(shape)} is missing`);
    else if (show(found.shape) !== show(shape)) {
      differences.push(`${name} is ${show(found.shape)}, the model has ${show(shape)}`);
    }
  }
  for (const { name, shape } of stored) {
    if (!wantedNames.has(name)) differences.push(`${name} ${show(shape)} is not in the model`);
  }
  if (differences.length === 0 && stored.some(({ name }, i) => name !== specs[i]?.name)) {
    differences.push('the same names in another order');
  }
  return differences;
}

function show(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
