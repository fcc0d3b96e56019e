/**
 * What a run says of itself while it runs. The same objects go to the progress bar, to
 * metrics.jsonl, to `--json` and to any other listener. Losses are in nats per example.
 */
export interface StartEvent {
  readonly event: 'start';
  readonly model: string;
  readonly engine: string;
  /** Whether XLA compiles the step, for engines that have it. */
  readonly xla?: boolean;
  /** By engine, what runs under it: `libtensorflow 2.21.0`. */
  readonly engineVersions?: Readonly<Record<string, string>>;
  /** Why this engine, where it was not named. */
  readonly engineReason?: string;
  readonly channel: string;
  readonly workers: number;
  readonly parameters: number;
  /** `image`, `table` and so on. */
  readonly dataKind?: string;
  /** What the user should know of how the data is read, a sentence each. */
  readonly dataNotes?: readonly string[];
  /** Where the training data is more than the memory limit: what is in memory of it at a time. */
  readonly streamed?: StreamedData;
  readonly examples: number;
  /** Absent where there is no validation data. */
  readonly validationExamples?: number;
  readonly testExamples: number;
  readonly batchSize: number;
  readonly microBatch: number;
  readonly slots: number;
  readonly stepsPerEpoch: number;
  /** First step of this session: 0, or where a resumed run goes on. */
  readonly step: number;
  readonly totalSteps: number;
  readonly out: string;
}

/** Examples are shuffled within windows, and windows are made of blocks in shuffled order. */
export interface StreamedData {
  /** Of an epoch. */
  readonly windows: number;
  readonly windowExamples: number;
  /** Neighbours in the data, which come in the same window. */
  readonly blockExamples: number;
}

/** Training progress; losses are means over the examples since the last step event. */
export interface StepEvent {
  readonly event: 'step';
  /** Steps finished so far. */
  readonly step: number;
  /** Epochs done, with the fraction of the one under way. */
  readonly epoch: number;
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly learningRate: number;
  /** Absent until training was timed for a quarter of a second: less tells nothing of its speed. */
  readonly examplesPerSec?: number;
}

export interface EpochEvent {
  readonly event: 'epoch';
  /** Epochs finished so far; a fraction where the run ends within one. */
  readonly epoch: number;
  readonly step: number;
  readonly trainLoss: number;
  readonly trainMetrics: Readonly<Record<string, number>>;
  /** Of which data `testLoss` and `testMetrics` are; absent: the test data. */
  readonly part?: 'validation';
  readonly testLoss: number;
  readonly testMetrics: Readonly<Record<string, number>>;
  /** Absent until training was timed for a quarter of a second: less tells nothing of its speed. */
  readonly examplesPerSec?: number;
}

/** Something was written: where. */
export interface ArtifactEvent {
  readonly event: 'artifact';
  readonly kind: 'checkpoint' | 'best' | 'samples' | 'reconstructions';
  readonly path: string;
}

/** The run was interrupted; `resume` continues it. */
export interface InterruptedEvent {
  readonly event: 'interrupted';
  readonly step: number;
  readonly checkpoint: string;
  readonly out: string;
}

export interface DoneEvent {
  readonly event: 'done';
  readonly steps: number;
  readonly examples: number;
  readonly epochs: number;
  /**
   * Present where the run ended before its last step: for `patience` epochs the test loss had not
   * become lower by more than `minDelta`.
   */
  readonly stoppedEarly?: { readonly patience: number; readonly minDelta: number };
  readonly trainLoss: number;
  /** Of which data `testLoss`, `testRecon`, `testKl` and `best` are; absent: the test data. */
  readonly part?: 'validation';
  readonly testLoss: number;
  /** Present for models that report `reconstruction` and `kl`. */
  readonly testRecon?: number;
  readonly testKl?: number;
  /** The lowest test loss of the run, the epoch it came after, and that checkpoint's path. */
  readonly best?: {
    readonly epoch: number;
    readonly testLoss: number;
    readonly checkpoint: string;
  };
  /** Absent until training was timed for a quarter of a second: less tells nothing of its speed. */
  readonly examplesPerSec?: number;
  readonly workers: number;
  readonly weightsSha256: string;
  readonly out: string;
}

/** What a worker did, summed over the session. */
export interface WorkerProfile {
  readonly worker: number;
  readonly engine: string;
  /** Gradient slots it computed. */
  readonly slots: number;
  readonly gatherSec: number;
  readonly computeSec: number;
  readonly waitSec: number;
  readonly updateSec: number;
}

export interface ProfileEvent {
  readonly event: 'profile';
  readonly steps: number;
  readonly workers: readonly WorkerProfile[];
}

/** The run ended in an error. The four details are there for errors that a user can mend. */
export interface ErrorEvent {
  readonly event: 'error';
  /** Stable, upper-case; `UNEXPECTED` for an error of no known kind. */
  readonly code: string;
  readonly message: string;
  readonly where?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly fix?: string;
  /** The worker it happened in. */
  readonly worker?: string;
  readonly stack?: string;
}

export type RunEvent =
  | StartEvent
  | StepEvent
  | EpochEvent
  | ArtifactEvent
  | InterruptedEvent
  | ProfileEvent
  | ErrorEvent
  | DoneEvent;
