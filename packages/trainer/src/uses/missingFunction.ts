/** A use that the model has no function for: which presets have it. */
import { presets, type ExampleInfo, type Model, type Preset } from '@lockstep/core';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import { RunError } from '../errors.ts';

/** Presets that are named, at most. */
const MOST_NAMED = 8;

interface Trained {
  readonly config: Pick<ResolvedConfig, 'model'>;
  readonly model: Model;
  readonly example: ExampleInfo;
}

export function missingFunction(name: string, { config, model, example }: Trained): RunError {
  const isPreset = config.model.kind === 'preset';
  const having = Object.values<Preset>(presets).filter((preset) => hasIt(preset, example, name));
  const named = having.slice(0, MOST_NAMED).map((preset) => preset.name);
  const others = named.length > 0 ? `a run of ${named.join(', ')}` : 'a model of your own';
  return new RunError({
    code: 'RUN_NO_SUCH_FUNCTION',
    where: `model ${model.name}`,
    expected: `a model with the function "${name}", which this use runs`,
    got: Object.keys(model.functions ?? {}).join(', ') || 'a model without functions',
    fix: `${isPreset ? '' : `Give the model functions.${name}, or `}${isPreset ? 'Use' : 'use'} ${others}.`,
  });
}

function hasIt(preset: Preset, example: ExampleInfo, name: string): boolean {
  try {
    return preset.create()(example).functions?.[name] !== undefined;
  } catch {
    // Not for such examples.
    return false;
  }
}
