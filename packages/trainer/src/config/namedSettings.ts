/** Optimizers and schedules: a name, or a name with settings. Their owner knows defaults and ranges. */
import {
  OPTIMIZER_NAMES,
  resolveOptimizer,
  resolveSchedule,
  SCHEDULE_NAMES,
  type OptimizerConfig,
  type ScheduleConfig,
} from '@lockstep/collective';
import { checkKnownKeys, checkKnownName, type Locate } from './parseConfig.ts';
import type { OptimizerSetting, ScheduleSetting } from './trainConfig.ts';

export function completeOptimizer(setting: OptimizerSetting, locate: Locate): OptimizerConfig {
  const where = locate(['optimizer']);
  if (typeof setting === 'string') {
    checkKnownName(where, setting, OPTIMIZER_NAMES);
    return resolveOptimizer({ name: setting }, where);
  }
  checkKnownName(locate(['optimizer', 'name']), setting.name, OPTIMIZER_NAMES);
  checkKnownKeys(where, setting, resolveOptimizer({ name: setting.name }));
  return resolveOptimizer(setting, where);
}

export function completeSchedule(setting: ScheduleSetting, locate: Locate): ScheduleConfig {
  const where = locate(['schedule']);
  if (typeof setting === 'string') {
    checkKnownName(where, setting, SCHEDULE_NAMES);
    return resolveSchedule({ name: setting }, where);
  }
  checkKnownName(locate(['schedule', 'name']), setting.name, SCHEDULE_NAMES);
  // Only `step` has a setting without a default.
  const { name } = setting;
  checkKnownKeys(
    where,
    setting,
    resolveSchedule(name === 'step' ? { name, everySteps: 1 } : { name }),
  );
  return resolveSchedule(setting, where);
}
