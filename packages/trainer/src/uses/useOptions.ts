/** What every use of a trained model may be told, beside what it is for. */
import type { ReadSettings } from '@lockstep/data';
import { parseBytes } from '../config/parseBytes.ts';
import type { ResolvedData } from '../config/resolvedConfig.ts';
import { ConfigError } from '../errors.ts';
import type { Notice } from './notices.ts';

export interface OpenTrainedOptions {
  /** The module that worker threads load; it exports `runWorker`. */
  readonly workerEntry: URL;
  /** As many as trained it, by default. What comes out does not depend on it. */
  readonly workers?: number;
  /** Instead of the one that trained it; what comes out may differ in the last bits. */
  readonly engine?: string;
  /** Something to know beside the result, which has it too. */
  onNotice?(notice: Notice): void;
}

/** Of what comes to an end, unlike a service. */
export interface UseOptions extends OpenTrainedOptions {
  /** Ends it before anything is written: its reason is thrown. Once files are written, all are. */
  readonly signal?: AbortSignal;
  /**
   * Told of how far a part of the work is, which `work` names in a word or two; `total` 0: not known.
   */
  onProgress?(done: number, total: number, work: string): void;
}

export interface MemoryLimit {
  /**
   * Memory for examples, such as `512M`; what is larger is streamed, with the same results. Default: as in
   * training.
   */
  readonly memoryLimit?: string;
}

/** See `DataChoice`. */
export interface OtherData {
  readonly unknown?: 'error' | 'ignore' | undefined;
  readonly read?: ReadSettings | undefined;
}

/** That of the use instead of the training's, if there is one. @throws ConfigError */
export function withMemoryLimit(data: ResolvedData, { memoryLimit }: MemoryLimit): ResolvedData {
  if (memoryLimit === undefined) return data;
  const bytes = parseBytes(memoryLimit);
  if (bytes !== undefined) return { ...data, memoryLimit: bytes };
  throw new ConfigError({
    code: 'CONFIG_VALUE',
    where: '--memory-limit',
    expected: 'an amount of memory, such as 512M or 2G',
    got: JSON.stringify(memoryLimit),
    fix: 'Correct it, or leave it out for that of the training.',
  });
}
