/** Runs one command line: parses it, does it, prints what went wrong, says how it ended. */
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import type { Context } from './context.ts';
import { EXIT } from './exitCode.ts';
import { createProgram } from './program.ts';
import type { Actions } from './program.ts';
import { isUsageError } from './usageError.ts';

/** `args` are the words after `lockstep`. Returns the exit code; never throws. */
export async function runCli(args: readonly string[], context: Context): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram({
    version: ownVersion(),
    outputs: context,
    actions: createActions(context, (exitCode) => (code = exitCode)),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { reportError } = await import('./report/reportError.ts');
    reportError(error, args, context);
    return isUsageError(error) ? EXIT.usage : EXIT.failed;
  }
}

/** What a command needs is loaded when it runs. */
function createActions(context: Context, exitWith: (code: number) => void): Actions {
  return {
    async train(config, flags) {
      const { trainCommand } = await import('./commands/train.ts');
      exitWith(await trainCommand(config, flags, context));
    },
    async findLr(config, flags) {
      const { findLrCommand } = await import('./commands/findLr.ts');
      exitWith(await findLrCommand(config, flags, context));
    },
    async evaluate(run, flags) {
      const { evaluateCommand } = await import('./commands/evaluate.ts');
      exitWith(await evaluateCommand(run, flags, context));
    },
    async sample(run, flags) {
      const { sampleCommand } = await import('./commands/examples.ts');
      exitWith(await sampleCommand(run, flags, context));
    },
    async reconstruct(run, flags) {
      const { reconstructCommand } = await import('./commands/examples.ts');
      exitWith(await reconstructCommand(run, flags, context));
    },
    async generate(run, flags) {
      const { generateCommand } = await import('./commands/examples.ts');
      exitWith(await generateCommand(run, flags, context));
    },
    async interpolate(run, from, to, flags) {
      const { interpolateCommand } = await import('./commands/examples.ts');
      exitWith(await interpolateCommand(run, { ...flags, from, to }, context));
    },
    async traverse(run, flags) {
      const { traverseCommand } = await import('./commands/examples.ts');
      exitWith(await traverseCommand(run, flags, context));
    },
    async embed(run, flags) {
      const { embedCommand } = await import('./commands/embed.ts');
      exitWith(await embedCommand(run, flags, context));
    },
    async classify(run, flags) {
      const { classifyCommand } = await import('./commands/classify.ts');
      exitWith(await classifyCommand(run, flags, context));
    },
    async anomalyFit(run, flags) {
      const { anomalyFitCommand } = await import('./commands/anomaly.ts');
      exitWith(await anomalyFitCommand(run, flags, context));
    },
    async anomalyScore(run, flags) {
      const { anomalyScoreCommand } = await import('./commands/anomaly.ts');
      exitWith(await anomalyScoreCommand(run, flags, context));
    },
    async recommend(run, flags) {
      const { recommendCommand } = await import('./commands/recommend.ts');
      exitWith(await recommendCommand(run, flags, context));
    },
    async serve(run, flags) {
      const { serveCommand } = await import('./commands/serve.ts');
      await serveCommand(run, flags, context);
    },
    async denoise(run, flags) {
      const { denoiseCommand } = await import('./commands/restoring.ts');
      exitWith(await denoiseCommand(run, flags, context));
    },
    async inpaint(run, flags) {
      const { inpaintCommand } = await import('./commands/restoring.ts');
      exitWith(await inpaintCommand(run, flags, context));
    },
    async inspect(run, flags) {
      const { inspectCommand } = await import('./commands/inspect.ts');
      await inspectCommand(run, flags, context);
    },
    async import(weights, flags) {
      const { importCommand } = await import('./commands/import.ts');
      await importCommand(weights, flags, context);
    },
    async export(run, flags) {
      const { exportCommand } = await import('./commands/export.ts');
      await exportCommand(run, flags, context);
    },
    async dataInfo(data, flags) {
      const { dataInfoCommand } = await import('./commands/dataInfo.ts');
      await dataInfoCommand(data, flags, context);
    },
    async dataSchema(data, flags) {
      const { dataSchemaCommand } = await import('./commands/dataSchema.ts');
      await dataSchemaCommand(data, flags, context);
    },
    async dataPreview(data, flags) {
      const { dataPreviewCommand } = await import('./commands/dataPreview.ts');
      await dataPreviewCommand(data, flags, context);
    },
    async dataSplit(data, flags) {
      const { dataSplitCommand } = await import('./commands/dataSplit.ts');
      exitWith(await dataSplitCommand(data, flags, context));
    },
    async dataGet(name, flags) {
      const { dataGetCommand } = await import('./commands/dataGet.ts');
      exitWith(await dataGetCommand(name, flags, context));
    },
    async presets(flags) {
      const { presetsCommand } = await import('./commands/presets.ts');
      await presetsCommand(flags, context);
    },
    async doctor(flags) {
      const { doctorCommand } = await import('./commands/doctor.ts');
      exitWith(await doctorCommand(flags, context));
    },
    async setupTensorflow(flags) {
      const { setupCommand } = await import('./commands/setup.ts');
      exitWith(await setupCommand(flags, context));
    },
  };
}

function ownVersion(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
