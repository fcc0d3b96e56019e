export { decodeMessage, encodeMessage } from './codec.ts';
export { PROTOCOL_VERSION } from './envelope.ts';
export { ProtocolError, errorDetails } from './errors.ts';
export type { ErrorDetails, ProtocolErrorCode } from './errors.ts';
export type {
  ArtifactEvent,
  DoneEvent,
  EpochEvent,
  ErrorEvent,
  InterruptedEvent,
  ProfileEvent,
  RunEvent,
  StartEvent,
  StepEvent,
  StreamedData,
  WorkerProfile,
} from './events.ts';
export type {
  ChannelMessage,
  Message,
  ResultMessage,
  StopMessage,
  TaskMessage,
} from './messages.ts';
export { RemoteError, reviveError, serializeError } from './serializedError.ts';
export type { SerializedError } from './serializedError.ts';
