/** The presets, as the command lists them. */
import { presets, type PresetDefaults } from '@lockstep/core';

export interface PresetSummary {
  readonly name: string;
  readonly summary: string;
  readonly paper: string;
  readonly defaults: PresetDefaults;
}

export function listPresets(): PresetSummary[] {
  return Object.values(presets).map(({ name, summary, paper, defaults }) => ({
    name,
    summary,
    paper,
    defaults,
  }));
}
