/** What a worker tells the coordinator over a channel that carries bytes. */
import type { RunEvent, WorkerProfile } from './events.ts';
import type { SerializedError } from './serializedError.ts';

/** The worker has loaded its executable and claims tasks from now on. */
export interface ReadyMessage {
  readonly message: 'ready';
  readonly worker: number;
}

/** The worker is through: where its time went. */
export interface FinishedMessage {
  readonly message: 'finished';
  readonly profile: WorkerProfile;
}

/** The worker's last words. */
export interface FailedMessage {
  readonly message: 'failed';
  readonly worker: number;
  readonly error: SerializedError;
}

export type WorkerMessage = ReadyMessage | FinishedMessage | FailedMessage;

/** Everything that leaves a thread as bytes. */
export type Message = RunEvent | WorkerMessage;
