/** The commands that write examples. */
import type { ExamplesResult, GenerateResult, TraverseResult } from '@lockstep/trainer';
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
import { UsageError } from '../usageError.ts';
import { runUse, type UseCommand } from './runUse.ts';

/** Each returns the exit code. */
export async function sampleCommand(
  run: string,
  { json, ...flags }: SampleFlags,
  context: Context,
): Promise<number> {
  checkWorkers(flags);
  return write({ name: 'sample', kind: 'sample', json }, context, ({ sampleRun }, shared) =>
    sampleRun(run, { ...flags, ...shared }),
  );
}

export function reconstructCommand(
  run: string,
  { json, ...flags }: ReconstructFlags,
  context: Context,
): Promise<number> {
  return write(
    { name: 'reconstruct', kind: 'reconstruction', json },
    context,
    ({ reconstructRun }, shared) => reconstructRun(run, { ...flags, ...shared }),
  );
}

export async function generateCommand(
  run: string,
  { json, from, to, ...flags }: GenerateFlags,
  context: Context,
): Promise<number> {
  checkWorkers(flags);
  if ((from === undefined) !== (to === undefined)) throw oneEnd(from === undefined);
  const between = from !== undefined && to !== undefined && { between: [from, to] as const };
  return runUse<GenerateResult & { readonly kind?: string }>(context, {
    ...{ name: 'generate', json },
    event: ({ path }) => (path === undefined ? 'texts' : 'artifact'),
    run: async ({ generateRun }, shared) => {
      const result = await generateRun(run, { ...flags, ...between, ...shared });
      return { ...(result.path !== undefined && { kind: 'samples' }), ...result };
    },
    print: async (result) => {
      const { path, texts = [] } = result;
      if (path !== undefined) return print('sample', { ...result, path }, context);
      for (const text of texts) context.stdout.write(`${asLine(text)}\n`);
    },
  });
}

export function interpolateCommand(
  run: string,
  { json, ...flags }: InterpolateFlags & { readonly from: string; readonly to: string },
  context: Context,
): Promise<number> {
  return write(
    { name: 'interpolate', kind: 'point', json },
    context,
    ({ interpolateRun }, shared) => interpolateRun(run, { ...flags, ...shared }),
  );
}

export function traverseCommand(
  run: string,
  { json, ...flags }: TraverseFlags,
  context: Context,
): Promise<number> {
  const traverse: UseCommand<TraverseResult>['run'] = ({ traverseRun }, shared) =>
    traverseRun(run, { ...flags, ...shared });
  return write(
    { name: 'traverse', kind: 'point', json },
    context,
    traverse,
    async ({ dimensions }) => {
      const { renderTable } = await import('../report/table.ts');
      const rows = dimensions.map(({ dimension, kl }) => [
        `z${dimension}`,
        kl === undefined ? '' : `KL ${formatLoss(kl)} nats`,
      ]);
      context.stdout.write(renderTable(rows));
    },
  );
}

interface Writing {
  readonly name: string;
  /** What the examples are. */
  readonly kind: string;
  readonly json: boolean | undefined;
}

/** @param more printed for people, behind what is said of all examples */
function write<T extends ExamplesResult>(
  { kind, ...about }: Writing,
  context: Context,
  run: UseCommand<T>['run'],
  more?: (result: T) => Promise<void>,
): Promise<number> {
  return runUse<T & { readonly kind: string }>(context, {
    ...{ ...about, event: 'artifact' },
    run: async (trainer, shared) => ({ kind: `${kind}s`, ...(await run(trainer, shared)) }),
    print: async (result) => {
      await print(kind, result, context);
      await more?.(result);
    },
  });
}

/** Samples of the prior are few, and made in one thread. */
function checkWorkers({ workers, fittedPrior }: SampleFlags | GenerateFlags): void {
  if (workers === undefined || fittedPrior) return;
  throw new UsageError({
    code: 'USAGE_MISSING_FLAG',
    where: '--workers',
    expected: '--fitted-prior beside it: nothing else is done by several threads here',
    got: `--workers ${workers} alone`,
    fix: 'Leave it out.',
  });
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
async function print(kind: string, result: ExamplesResult, context: Context): Promise<void> {
  const { stdout } = context;
  const { path, count, texts = [], rows } = result;
  if (rows && texts.length > 0) {
    const { renderTable } = await import('../report/table.ts');
    const cells = rows.map((row, i) => [...Object.values(row).map(cell), asLine(texts[i] ?? '')]);
    stdout.write(renderTable(cells, { head: [...Object.keys(rows[0] ?? {}), 'text'] }));
  } else {
    for (const text of texts) stdout.write(`${asLine(text)}\n`);
  }
  stdout.write(`${plural(count, kind)}: ${shownPath(path)}\n`);
}

/** Windows of a text hold line ends. */
function asLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}

function cell(value: number | string): string {
  return typeof value === 'string' ? value : String(Number(value.toPrecision(3)));
}
