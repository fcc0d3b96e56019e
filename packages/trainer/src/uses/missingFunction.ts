/** A use that the model has no function for: which presets have it. */
import { presets, type ExampleInfo, type Model, type Preset } from '@lockstep/core';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import { RunError } from '../errors.ts';

/** What each function is for, by the uses that run it. */
const PURPOSES: Readonly<Record<string, string>> = {
  encode: 'encodes examples (embed, classify, interpolate, --fitted-prior)',
  decode: 'decodes latents (inpaint, interpolate, traverse, --manifold, --fitted-prior)',
  sample: 'draws from a prior (sample)',
  reconstruct: 'reconstructs (reconstruct, denoise)',
  drawLatent: 'draws the latents of an example from a Gaussian (inpaint)',
  conditionalStep: 'fills in a table (inpaint)',
  negativeElbo: 'has an ELBO to score by (anomaly)',
  logWeight: 'has a density to score by (anomaly --score iw)',
  scores: 'scores items (recommend)',
};

interface Trained {
  readonly config: Pick<ResolvedConfig, 'model'>;
  readonly model: Model;
  readonly example: ExampleInfo;
}

export function missingFunction(name: string, { config, model, example }: Trained): RunError {
  const isPreset = config.model.kind === 'preset';
  const having = Object.values<Preset>(presets).filter((preset) => hasIt(preset, example, name));
  const names = having.map((preset) => preset.name);
  const others = names.length > 0 ? `a run of ${names.join(', ')}` : 'a model of your own';
  const purpose = PURPOSES[name];
  return new RunError({
    code: 'RUN_NO_SUCH_FUNCTION',
    where: `model ${model.name}`,
    expected:
      purpose === undefined
        ? `a model with functions.${name}, which this use runs`
        : `a model that ${purpose}`,
    got: isPreset ? 'one that does not' : `one without functions.${name}`,
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
