/** All presets by name. */
import { ModelError } from '../errors.ts';
import { audioPreset } from './audio.ts';
import { betaPreset } from './beta.ts';
import { betaTcPreset } from './betaTc.ts';
import { categoricalPreset } from './categorical.ts';
import { convPreset } from './conv.ts';
import { convLargePreset } from './convLarge.ts';
import { cvaePreset } from './cvae.ts';
import { deepMlpPreset } from './deepMlp.ts';
import { denoisingPreset } from './denoising.ts';
import { dipPreset } from './dip.ts';
import { factorPreset } from './factor.ts';
import { flowPreset } from './flow.ts';
import { hierarchicalPreset } from './hierarchical.ts';
import { infoPreset } from './info.ts';
import { iwaePreset } from './iwae.ts';
import { mlpPreset } from './mlp.ts';
import { mlp2dPreset } from './mlp2d.ts';
import { raePreset } from './rae.ts';
import { recommendPreset } from './recommend.ts';
import { semiPreset } from './semi.ts';
import { semiStackedPreset } from './semiStacked.ts';
import { tabularPreset } from './tabular.ts';
import { textPreset } from './text.ts';
import { vaeGanPreset } from './vaeGan.ts';
import { vampPreset } from './vamp.ts';
import { vqPreset } from './vq.ts';
import { waePreset } from './wae.ts';
import type { Preset } from './preset.ts';

export const presets = {
  mlp: mlpPreset,
  conv: convPreset,
  'mlp-2d': mlp2dPreset,
  'deep-mlp': deepMlpPreset,
  'conv-large': convLargePreset,
  beta: betaPreset,
  'beta-tc': betaTcPreset,
  dip: dipPreset,
  info: infoPreset,
  wae: waePreset,
  rae: raePreset,
  iwae: iwaePreset,
  flow: flowPreset,
  vamp: vampPreset,
  cvae: cvaePreset,
  vq: vqPreset,
  categorical: categoricalPreset,
  hierarchical: hierarchicalPreset,
  factor: factorPreset,
  'vae-gan': vaeGanPreset,
  semi: semiPreset,
  'semi-stacked': semiStackedPreset,
  tabular: tabularPreset,
  denoising: denoisingPreset,
  recommend: recommendPreset,
  audio: audioPreset,
  text: textPreset,
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}

/** Throws MODEL_UNKNOWN_PRESET. */
export function findPreset(name: string): Preset {
  if (isPresetName(name)) return presets[name];
  throw new ModelError({
    code: 'MODEL_UNKNOWN_PRESET',
    where: 'preset',
    expected: `one of ${Object.keys(presets).join(', ')}`,
    got: `"${name}"`,
    fix: 'Choose one of these, or name a model file of your own.',
  });
}
