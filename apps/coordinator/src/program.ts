/** The command line of `lockstep`: commands, flags and their values. What they do is `Actions`. */
import { JSON_HELP, type JsonFlag } from './jsonFlag.ts';
import { Command } from 'commander';
import { addAnomaly, type AnomalyActions } from './anomalyProgram.ts';
import { addDataCommands, type DataActions } from './dataProgram.ts';
import {
  addGenerate,
  addInterpolate,
  addReconstruct,
  addSample,
  addTraverse,
  type ExamplesActions,
} from './examplesProgram.ts';
import { addExport, addImport, type ExchangeActions } from './exchangeProgram.ts';
import { addClassify, addEmbed, type LatentsActions } from './latentsProgram.ts';
import { choiceOf, integerOf, listOf, textOf } from './optionValues.ts';
import { HELP } from './help.ts';
import type { Outputs } from './output.ts';
import { addRecommend, type RecommendActions } from './recommendProgram.ts';
import { addServe, type ServeActions } from './serveProgram.ts';
import { addDenoise, addInpaint, type RestoringActions } from './restoringProgram.ts';
import { addFindLr, addTrain, type FindLrFlags, type TrainFlags } from './trainingCommands.ts';
import { fromCommander } from './usageError.ts';
import { addMemoryLimit } from './useOptions.ts';

export interface SetupFlags {
  readonly gpu?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export interface EvaluateFlags {
  readonly part?: 'train' | 'validation' | 'test';
  readonly metrics?: readonly string[];
  readonly samples?: number;
  readonly memoryLimit?: string;
  readonly workers?: number;
  readonly engine?: string;
  readonly json?: boolean;
}

export interface Actions
  extends
    ExamplesActions,
    ExchangeActions,
    LatentsActions,
    DataActions,
    AnomalyActions,
    ServeActions,
    RestoringActions,
    RecommendActions {
  train(config: string | undefined, flags: TrainFlags): Promise<void>;
  findLr(config: string | undefined, flags: FindLrFlags): Promise<void>;
  evaluate(run: string, flags: EvaluateFlags): Promise<void>;
  inspect(run: string, flags: JsonFlag): Promise<void>;
  presets(flags: JsonFlag): Promise<void>;
  doctor(flags: JsonFlag): Promise<void>;
  setupTensorflow(flags: SetupFlags): Promise<void>;
}

export interface ProgramOptions {
  readonly version: string;
  readonly outputs: Outputs;
  readonly actions: Actions;
}

const ENGINE_HELP = 'as in training; another one, or auto, where that is not there';

/** Usage errors are thrown as UsageError, help and version as CommanderError with exit code 0. */
export function createProgram({ version, outputs, actions }: ProgramOptions): Command {
  const program = new Command('lockstep')
    .description(
      'Train a model on every core: the same weights, bit for bit, on any number of them.',
    )
    .version(version)
    .configureHelp(HELP)
    .configureOutput({
      writeOut: (text) => void outputs.stdout.write(text),
      writeErr: (text) => void outputs.stderr.write(text),
      // Errors are printed by whoever runs the program, like all others.
      outputError: () => undefined,
      getOutHelpWidth: () => outputs.stdout.columns ?? 80,
      getErrHelpWidth: () => outputs.stderr.columns ?? 80,
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong command line, 130 interrupted (resume goes on).',
    );

  const command = (declaration: string, description: string): Command => {
    const created = program.command(declaration).description(description);
    return throwUsageErrors(created, `lockstep ${created.name()}`);
  };
  throwUsageErrors(program, 'lockstep');

  addTrain(command, actions);
  addFindLr(command, actions);
  const evaluate = command(
    'evaluate <run>',
    "loss and metrics of a run's newest checkpoint on its test data",
  )
    .option(
      '--part <part>',
      'on these: train, validation or test; test',
      choiceOf('--part', ['train', 'validation', 'test']),
    )
    .option(
      '--metrics <list>',
      'these too: all, or names as in docs/metrics.md',
      listOf('--metrics'),
    )
    .option(
      '--samples <k>',
      'importance samples of iw-nll, bpd and bpc; 100',
      integerOf('--samples', { min: 1 }),
    );
  addMemoryLimit(evaluate)
    .option(
      '--workers <n>',
      'how many worker threads; as in training',
      integerOf('--workers', { min: 1 }),
    )
    .option('--engine <engine>', ENGINE_HELP, textOf('--engine', "an engine's name"))
    .option('--json', JSON_HELP)
    .action((run: string, flags: EvaluateFlags) => actions.evaluate(run, flags));
  addSample(command, actions);
  addReconstruct(command, actions);
  addGenerate(command, actions);
  addInterpolate(command, actions);
  addTraverse(command, actions);
  addEmbed(command, actions);
  addClassify(command, actions);
  addDenoise(command, actions);
  addInpaint(command, actions);
  addAnomaly(
    command('anomaly', 'find examples that are not as those trained on'),
    actions,
    throwUsageErrors,
  );
  addRecommend(command, actions);
  addServe(command, actions);
  command('inspect <run>', 'what a run folder holds: configuration, model, checkpoints, metrics')
    .option('--json', JSON_HELP)
    .action((run: string, flags: JsonFlag) => actions.inspect(run, flags));
  addImport(command, actions);
  addExport(command, actions);
  addDataCommands(command('data', 'look at data, part it, fetch some'), actions, throwUsageErrors);
  command('presets', 'the models that come with lockstep')
    .option('--json', JSON_HELP)
    .action((flags: JsonFlag) => actions.presets(flags));
  command('doctor', 'what works on this machine, and why the rest does not')
    .option('--json', JSON_HELP)
    .action((flags: JsonFlag) => actions.doctor(flags));
  addSetup(command('setup', 'fetch what npm does not bring'), actions);
  return program;
}

function addSetup(setup: Command, actions: Actions): void {
  const tensorflow = setup
    .command('tensorflow')
    .description("libtensorflow into the user's cache folder, and tfjs-node's backend on it")
    .option('--gpu', 'the library with CUDA')
    .option('--quiet', 'print nothing but errors and the last line')
    .option('--json', JSON_HELP)
    .action((flags: SetupFlags) => actions.setupTensorflow(flags));
  throwUsageErrors(tensorflow, 'lockstep setup tensorflow');
}

function throwUsageErrors(command: Command, name: string): Command {
  return command.exitOverride((error) => {
    throw error.exitCode === 0 || error.code === 'commander.help'
      ? error
      : fromCommander(error, name);
  });
}
