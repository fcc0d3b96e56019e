/** Examples that a user points at, by number or, of text, by what they say. */
import { rowsOf } from '@lockstep/core/metrics';
import { checkInputs } from '@lockstep/data';
import { textCodec } from '@lockstep/data/text';
import { ConfigError } from '../errors.ts';
import { required } from '../modelFunctions.ts';
import { checkFinite } from '../rows/mapRows.ts';
import { exampleGroups } from './exampleGroups.ts';
import { latentsOf } from './latents.ts';
import type { Notice } from './notices.ts';
import type { TrainedModel, UseData } from './openTrained.ts';

export interface LatentPoint {
  /** [L] */
  readonly z: Float32Array;
  /** Where it is known. */
  readonly label?: number;
}

/**
 * The latent of an example: `which` is its number, from 0, or the text itself where the run is of text.
 * @throws ConfigError, DataError, RunError
 */
export async function latentPoint(
  trained: TrainedModel,
  openUse: () => Promise<UseData>,
  which: string,
  where: string,
): Promise<LatentPoint> {
  const { format } = trained;
  const isNumber = /^\d+$/.test(which.trim());
  if (format.kind === 'text' && !isNumber) {
    const codec = textCodec(format);
    const characters = codec.unknownCharacters(which);
    if (characters.length === new Set(which).size) throw allUnknown(which, where);
    if (characters.length > 0) trained.notice(unknownNotice(characters, where));
    const tokens = codec.tokenize(which).length;
    if (tokens > format.length) trained.notice(cutNotice(tokens, format.length, where));
    const x = Float32Array.from(codec.encode(which));
    const encoded = await trained.run('encode', { count: 1, seed: 0, inputs: { x } });
    return { z: required(encoded[latentsOf(trained).output]).slice() };
  }
  const data = await openUse();
  const number = Number(which);
  const { count } = data.info;
  if (!isNumber || number >= count) {
    throw noSuchExample(which, { count, where, isText: format.kind === 'text' });
  }
  const z = await encodeOne(trained, data, number);
  const label = data.labels?.[number];
  return { z, ...(label !== undefined && label >= 0 && { label }) };
}

async function encodeOne(
  trained: TrainedModel,
  data: UseData,
  number: number,
): Promise<Float32Array> {
  const { output, dim } = latentsOf(trained);
  const known = trained.model.functions?.['encode']?.inputs ?? {};
  checkInputs(data.info, known);
  const onRead = (done: number, total: number): void => trained.tell(done, total, 'examples');
  const one = { rows: 1, from: number, most: 1, onRead };
  for await (const { x, label } of exampleGroups(trained, data, one)) {
    const inputs = { x, ...(known['label'] && label && { label }) };
    const z = required(
      (await trained.run('encode', { count: 1, seed: 0, inputs }))[output],
    ).slice();
    checkFinite('encode', { [output]: rowsOf(z, dim) }, number);
    return z;
  }
  throw new Error('there is such an example');
}

export interface DecodeOptions {
  readonly count: number;
  /** Of a conditional model. */
  readonly label?: number | undefined;
  /** Of text: tokens are drawn, at this temperature. Default: the likeliest are taken. */
  readonly temperature?: number | undefined;
  /** Of what is drawn. Default 0. */
  readonly seed?: number | undefined;
}

/** x of z, [count, L] -> [count, ...shape]. */
export async function decodePoints(
  trained: TrainedModel,
  points: Float32Array,
  { count, label, temperature, seed = 0 }: DecodeOptions,
): Promise<Float32Array> {
  if (temperature !== undefined && trained.has('drawDecoded')) {
    const inputs = { z: points, temperature: new Float32Array(count).fill(temperature) };
    return required((await trained.run('drawDecoded', { count, seed, inputs }))['x']);
  }
  const wantsLabel = trained.model.functions?.['decode']?.inputs['label'] !== undefined;
  const inputs = {
    z: points,
    ...(wantsLabel && { label: new Float32Array(count).fill(label ?? 0) }),
  };
  const { x } = await trained.run('decode', { count, seed: 0, inputs });
  return required(x);
}

function unknownNotice(characters: readonly string[], where: string): Notice {
  const named = characters.map((character) => JSON.stringify(character)).join(', ');
  const text = `${where}: not in the training text, so the model takes them as unknown: ${named}.`;
  return { code: 'NOTICE_UNKNOWN_CHARACTERS', text, where, characters };
}

function cutNotice(tokens: number, most: number, where: string): Notice {
  const text = `${where}: ${tokens} tokens, of which the model takes the first ${most}.`;
  return { code: 'NOTICE_TEXT_CUT', text, where, tokens, most };
}

function allUnknown(text: string, where: string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_UNKNOWN_TEXT',
    where,
    expected: 'a text of characters that the training text has',
    got: `"${text}", which has none of them`,
    fix: 'Write it as the training text is written.',
  });
}

function noSuchExample(
  which: string,
  {
    count,
    where,
    isText,
  }: { readonly count: number; readonly where: string; readonly isText: boolean },
): ConfigError {
  return new ConfigError({
    code: 'CONFIG_NO_SUCH_EXAMPLE',
    where,
    expected: `the number of an example, from 0 to ${count - 1}`,
    got: `"${which}"`,
    fix: `Name one of them${isText ? ', or write a text' : ''}.`,
  });
}
