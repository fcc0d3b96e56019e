export {
  createArena,
  emaOffset,
  metricOutput,
  momentOffset,
  parametersOffset,
  parity,
  scratchOffset,
  slotOffset,
  slotSums,
  tensorView,
} from './arena.ts';
export type { Arena, Parity } from './arena.ts';
export { largestTensor, leastBytes, parameterCount } from './arenaLayout.ts';
export type { ArenaLayout, ArenaSpec, TensorRange, TensorSpec } from './arenaLayout.ts';
export type {
  ChunkTask,
  CoordinatorChannel,
  RoundRange,
  RunHooks,
  RunOutcome,
  SlotTask,
  Task,
  WorkerChannel,
  WorkerFailure,
} from './channels/channel.ts';
export {
  CHANNELS,
  createChannel,
  linkTransfer,
  openWorkerChannel,
} from './channels/createChannel.ts';
export type { Channel, ChannelHooks, ChannelName, WorkerLink } from './channels/createChannel.ts';
export type { ChannelMessage, MessageCodec } from './channels/messages.ts';
export { CollectiveError } from './errors.ts';
export { instantiateKernels } from './kernels/kernels.ts';
export type { Kernels } from './kernels/kernels.ts';
export { MAX_WORKERS } from './ledger.ts';
export type { RoundRecord } from './ledger.ts';
export { createParameterUpdate } from './parameterUpdate.ts';
export type { ParameterUpdate, UpdateRule } from './parameterUpdate.ts';
export { slotParameters } from './channels/slotParameters.ts';
export { checkClipNorm } from './optimizers/clip.ts';
export type { EmaConfig } from './optimizers/ema.ts';
export { defaultLearningRate, OPTIMIZER_NAMES, resolveOptimizer } from './optimizers/config.ts';
export type { OptimizerConfig, OptimizerName, OptimizerOptions } from './optimizers/config.ts';
export { groupMoments, mostMoments } from './optimizers/groups.ts';
export type { GroupRule } from './optimizers/groups.ts';
export { momentNames } from './optimizers/momentNames.ts';
export { learningRate, resolveSchedule, SCHEDULE_NAMES } from './schedules/schedule.ts';
export type { ScheduleConfig, ScheduleName, ScheduleOptions } from './schedules/schedule.ts';
