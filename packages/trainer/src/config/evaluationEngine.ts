/**
 * The engine that a trained model is run with: the one that trained it, or another that is asked for,
 * where that one is not there. The weights are the same; figures differ in their last digits.
 */
import { checkOneWorkerPerGpu, drivesGpu, resolveEngines, takesXla } from './resolveEngines.ts';
import type { EngineName } from './trainConfig.ts';
import type { ResolvedConfig } from './resolvedConfig.ts';

export interface EvaluationChoice {
  /** `auto` too. Default: that of the training, the first where it had several. */
  readonly engine?: string;
  /** Default: as many as trained it. */
  readonly workers?: number;
}

/** @throws ConfigError */
export async function withEvaluationEngine(
  config: ResolvedConfig,
  { engine: asked, workers = config.workers }: EvaluationChoice,
): Promise<ResolvedConfig> {
  const { workerEngines: _mixed, ...trained } = config;
  if (asked === undefined || asked === config.engine) return { ...trained, workers };
  const { devices: _devices, engineReason: _reason, xla: _xla, ...rest } = trained;
  const engines = await resolveEngines({ engine: asked as EngineName }, () => '--engine');
  const { engine } = engines;
  // A GPU has one worker; for a pass over the data, finding out whether XLA is faster does not pay.
  const count = workers === config.workers && drivesGpu(engine) ? 1 : workers;
  checkOneWorkerPerGpu(engines, count, '--workers');
  return { ...rest, ...engines, ...(takesXla(engine) && { xla: false }), workers: count };
}
