/**
 * What a worker and its child process say to each other, as structured clones over Node's own channel
 * between them. The worker asks, the child answers every request with one reply, in order.
 */
import type { Buffers, CompiledFunction } from '../engine.ts';

/** Comes first: what the child is for. */
interface StartRequest {
  readonly kind: 'start';
  /** The engine that runs there. */
  readonly engine: string;
}

interface LoadRequest {
  readonly kind: 'load';
  /** The worker's number for the executable. */
  readonly executable: number;
  readonly compiled: CompiledFunction;
}

interface RunRequest {
  readonly kind: 'run';
  readonly executable: number;
  readonly inputs: Buffers;
}

interface UnloadRequest {
  readonly kind: 'unload';
  readonly executable: number;
}

export type ChildRequest = StartRequest | LoadRequest | RunRequest | UnloadRequest;

export type ChildReply =
  | { readonly ok: true; readonly outputs: Buffers }
  | { readonly ok: false; readonly error: ChildFailure };

/** An error as it leaves the child. */
export interface ChildFailure {
  readonly message: string;
  readonly stack: string;
  /** Of an EngineError. */
  readonly details?: {
    readonly code: string;
    readonly where: string;
    readonly expected: string;
    readonly got: string;
    readonly fix: string;
  };
}
