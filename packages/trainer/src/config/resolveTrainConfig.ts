/** The configuration of a run, new or continued, with everything decided. */
import { resolve } from 'node:path';
import type { chooseEngine } from '@lockstep/engine';
import { readLatestCheckpoint } from '../run/latestCheckpoint.ts';
import { loadConfig, type ConfigSources } from './loadConfig.ts';
import { resolveConfig } from './resolveConfig.ts';
import type { ResolvedConfig } from './resolvedConfig.ts';
import { resumeConfig } from './resumeConfig.ts';

export interface TrainConfigSources extends ConfigSources {
  /** Folder of a run to continue; its checkpoint has the configuration. */
  readonly resume?: string;
  /** Finds the engine for a device where it is left open; by default by trying what is installed. */
  readonly chooseEngine?: typeof chooseEngine;
}

/** Touches no file but the configuration's and the checkpoint's. */
export async function resolveTrainConfig(sources: TrainConfigSources): Promise<ResolvedConfig> {
  const given = await loadConfig(sources);
  if (sources.resume === undefined) return resolveConfig(given, sources.chooseEngine);
  const run = resolve(sources.cwd ?? process.cwd(), sources.resume);
  const { checkpoint } = await readLatestCheckpoint(run);
  return resumeConfig({ ...checkpoint.config, out: run }, given, sources.chooseEngine);
}
