/**
 * A checkpoint: everything a run needs to go on to the same bits, in one safetensors file that
 * Python's safetensors opens too. Parameters are `param/<name>`, optimizer moments
 * `moment/<moment>/<name>`, their moving average `ema/<name>` where there is one, each in the model's
 * order; the rest is in the file's metadata.
 *
 * A SHA-256 over the whole file (with the digest's own 64 characters as zeros) stands at a fixed
 * place, first in the metadata, so a flipped bit anywhere is found on reading.
 */
import { createHash } from 'node:crypto';
import type { DataFormat } from '@lockstep/data';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import type { NamedTensor } from './namedTensor.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { corrupt } from './safetensorsHeader.ts';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What of the data a run that goes on must find again. */
export interface DataSummary {
  /** For training, and for testing. */
  readonly examples: number;
  /** Absent where there is no such part. */
  readonly validationExamples?: number;
  readonly testExamples: number;
  /** Of one example. */
  readonly shape: readonly number[];
  /** Where examples have labels. */
  readonly classes?: number;
  /** How examples are read, and what they mean. */
  readonly format: DataFormat;
}

export interface Checkpoint {
  /** The model's name. */
  readonly model: string;
  readonly seed: number;
  /** Steps finished, and the examples they saw. */
  readonly step: number;
  readonly examplesSeen: number;
  readonly config: ResolvedConfig;
  readonly data: DataSummary;
  /** The trainer's own: what it must know, beside tensors and position, to go on. */
  readonly state: Json;
  /** Parameters, then state, in the order of the model's specs. */
  readonly parameters: readonly NamedTensor[];
  /** By moment, in the same order, of the parameters whose optimizer has it. */
  readonly moments: Readonly<Record<string, readonly NamedTensor[]>>;
  /** The moving average of `parameters`, state included, where one is kept. */
  readonly ema?: readonly NamedTensor[];
}

type Position = Pick<Checkpoint, 'seed' | 'step' | 'examplesSeen'>;

const FORMAT = 'lockstep-checkpoint-1';
const PREFIX = '{"__metadata__":{"sha256":"';
const NO_DIGEST = '0'.repeat(64);
const DIGEST_START = 8 + PREFIX.length;
const DIGEST_END = DIGEST_START + NO_DIGEST.length;

/** Copies the tensors. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { parameters, moments, ema, model, seed, step, examplesSeen, config, data, state } =
    checkpoint;
  const tensors = parameters.map((tensor) => ({ ...tensor, name: `param/${tensor.name}` }));
  for (const [moment, list] of Object.entries(moments)) {
    if (moment.includes('/')) throw new Error(`checkpoint: moment "${moment}" contains a slash`);
    tensors.push(...list.map((tensor) => ({ ...tensor, name: `moment/${moment}/${tensor.name}` })));
  }
  tensors.push(...(ema ?? []).map((tensor) => ({ ...tensor, name: `ema/${tensor.name}` })));
  const metadata = {
    sha256: NO_DIGEST,
    format: FORMAT,
    model,
    position: JSON.stringify({ seed, step, examplesSeen }),
    config: JSON.stringify(config),
    data: JSON.stringify(data),
    state: JSON.stringify(state),
  };
  const bytes = encodeSafetensors({ metadata, tensors });
  bytes.set(new TextEncoder().encode(digestOf(bytes)), DIGEST_START);
  return bytes;
}

/** `where` names the file in errors. */
export function decodeCheckpoint(bytes: Uint8Array, where: string): Checkpoint {
  const { metadata, tensors } = decodeSafetensors(bytes, where);
  const { sha256 = '', format = '', model = '' } = metadata;
  const text = new TextDecoder();
  if (text.decode(bytes.subarray(8, DIGEST_START)) !== PREFIX || format !== FORMAT) {
    throw corrupt(where, `a file of format ${FORMAT}`, `format "${format}"`);
  }
  const digest = digestOf(bytes);
  if (digest !== sha256) throw corrupt(where, `SHA-256 ${sha256}`, digest);

  const position = JSON.parse(metadata['position'] ?? '') as Position;
  const config = JSON.parse(metadata['config'] ?? '') as ResolvedConfig;
  const data = JSON.parse(metadata['data'] ?? '') as DataSummary;
  const state = JSON.parse(metadata['state'] ?? '') as Json;
  return { model, ...position, config, data, state, ...sortTensors(tensors) };
}

function sortTensors(
  tensors: readonly NamedTensor[],
): Pick<Checkpoint, 'parameters' | 'moments' | 'ema'> {
  const ema: NamedTensor[] = [];
  const parameters: NamedTensor[] = [];
  const moments: Record<string, NamedTensor[]> = {};
  for (const tensor of tensors) {
    const [kind, ...rest] = tensor.name.split('/');
    if (kind === 'param') parameters.push({ ...tensor, name: rest.join('/') });
    else if (kind === 'ema') ema.push({ ...tensor, name: rest.join('/') });
    else {
      const [moment = '', ...name] = rest;
      (moments[moment] ??= []).push({ ...tensor, name: name.join('/') });
    }
  }
  return { parameters, moments, ...(ema.length > 0 && { ema }) };
}

/** What the model is evaluated, drawn and exported with. */
export function evaluatedParameters({ parameters, ema }: Checkpoint): readonly NamedTensor[] {
  return ema ?? parameters;
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256')
    .update(bytes.subarray(0, DIGEST_START))
    .update(NO_DIGEST)
    .update(bytes.subarray(DIGEST_END))
    .digest('hex');
}
