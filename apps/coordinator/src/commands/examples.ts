/** The commands that write examples. */
import type { ExamplesResult, GenerateResult } from '@lockstep/trainer';
import type { Context } from '../context.ts';
import type {
  GenerateFlags,
  InterpolateFlags,
  ReconstructFlags,
  SampleFlags,
  TraverseFlags,
} from '../examplesProgram.ts';
import { formatLoss, plural } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import { trainedOptions } from '../trainedOptions.ts';
import { UsageError } from '../usageError.ts';

export async function sampleCommand(
  run: string,
  { json, ...flags }: SampleFlags,
  context: Context,
): Promise<void> {
  const { sampleRun } = await context.loadTrainer();
  const result = await sampleRun(run, { ...flags, ...trainedOptions(context, json) });
  return report('sample', result, json, context);
}

export async function reconstructCommand(
  run: string,
  { json, ...flags }: ReconstructFlags,
  context: Context,
): Promise<void> {
  const { reconstructRun } = await context.loadTrainer();
  const result = await reconstructRun(run, { ...flags, ...trainedOptions(context, json) });
  return report('reconstruction', result, json, context);
}

export async function generateCommand(
  run: string,
  { json, from, to, ...flags }: GenerateFlags,
  context: Context,
): Promise<void> {
  if ((from === undefined) !== (to === undefined)) throw oneEnd(from === undefined);
  const { generateRun } = await context.loadTrainer();
  const between = from !== undefined && to !== undefined && { between: [from, to] as const };
  const result = await generateRun(run, { ...flags, ...between, ...trainedOptions(context, json) });
  const { path, ...told } = result;
  if (path !== undefined) return report('sample', { ...told, path }, json, context);
  if (json) return writeJson(context.stdout, { event: 'texts', ...told });
  tellUnknown(told, context);
  for (const text of told.texts ?? []) context.stdout.write(`${text}\n`);
}

export async function interpolateCommand(
  run: string,
  { json, ...flags }: InterpolateFlags & { readonly from: string; readonly to: string },
  context: Context,
): Promise<void> {
  const { interpolateRun } = await context.loadTrainer();
  const result = await interpolateRun(run, { ...flags, ...trainedOptions(context, json) });
  return report('point', result, json, context);
}

export async function traverseCommand(
  run: string,
  { json, ...flags }: TraverseFlags,
  context: Context,
): Promise<void> {
  const { traverseRun } = await context.loadTrainer();
  const result = await traverseRun(run, { ...flags, ...trainedOptions(context, json) });
  await report('point', result, json, context);
  if (json) return;
  const { renderTable } = await import('../report/table.ts');
  const rows = result.dimensions.map(({ dimension, kl }) => [
    `z${dimension}`,
    kl === undefined ? '' : `KL ${formatLoss(kl)} nats`,
  ]);
  context.stdout.write(renderTable(rows));
}

function oneEnd(lacksFrom: boolean): UsageError {
  const [given, lacking] = lacksFrom ? ['--to', '--from'] : ['--from', '--to'];
  return new UsageError({
    code: 'USAGE_MISSING_FLAG',
    where: given,
    expected: `${lacking} beside it`,
    got: `${given} alone`,
    fix: 'Name both ends of the way, or none.',
  });
}

/** Text is shown besides: who asks for sentences wants to read them. */
async function report(
  kind: string,
  result: ExamplesResult & Pick<GenerateResult, 'unknownCharacters'>,
  json: boolean | undefined,
  context: Context,
): Promise<void> {
  const { stdout } = context;
  if (json) return writeJson(stdout, { event: 'artifact', kind: `${kind}s`, ...result });
  const { path, count, texts = [], rows } = result;
  tellUnknown(result, context);
  if (rows && texts.length > 0) {
    const { renderTable } = await import('../report/table.ts');
    const cells = rows.map((row, i) => [...Object.values(row).map(cell), texts[i] ?? '']);
    stdout.write(renderTable(cells, { head: [...Object.keys(rows[0] ?? {}), 'text'] }));
  } else {
    for (const text of texts) stdout.write(`${text}\n`);
  }
  stdout.write(`${plural(count, kind)}: ${shownPath(path)}\n`);
}

/** Of texts that the user wrote. */
function tellUnknown(
  { unknownCharacters }: Pick<GenerateResult, 'unknownCharacters'>,
  { stderr }: Context,
): void {
  if (!unknownCharacters) return;
  const named = unknownCharacters.map((character) => JSON.stringify(character)).join(', ');
  stderr.write(`Not in the training text, so the model takes them as unknown: ${named}\n`);
}

function cell(value: number | string): string {
  return typeof value === 'string' ? value : String(Number(value.toPrecision(3)));
}
