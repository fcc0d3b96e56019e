/**
 * How TensorFlow runs a session: a `ConfigProto`, by the field numbers of config.proto
 * (https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/config.proto).
 */
import { concat, integerField, messageField, stringField } from '../protobuf/wire.ts';

export interface SessionConfig {
  /** Cluster operations and compile the clusters with XLA. */
  readonly xla: boolean;
  /** May take memory of GPUs. Otherwise they are not even looked at. */
  readonly gpu: boolean;
}

const jitLevel = { off: -1, on: 2 };

export function encodeConfig({ xla, gpu }: SessionConfig): Uint8Array {
  const deviceCount = messageField(1, [stringField(1, 'GPU'), integerField(2, 0)]);
  // It grows as needed: other processes want some too.
  const gpuOptions = messageField(6, [integerField(4, 1)]);
  const optimizer = messageField(3, [integerField(5, xla ? jitLevel.on : jitLevel.off)]);
  return concat([
    gpu ? gpuOptions : deviceCount,
    // A worker is a core: an operation runs in one thread, and that one is the caller's.
    integerField(2, 1),
    integerField(5, -1),
    // Some operations of a graph on a GPU exist on the processor alone.
    integerField(7, gpu ? 1 : 0),
    messageField(10, [optimizer]),
  ]);
}
