import { CommanderError } from 'commander';
import { createProgram } from '../program.ts';
import type { Actions } from '../program.ts';
import { UsageError } from '../usageError.ts';
import { recordOutput } from './recordOutput.ts';

/** What a command line asks for: the name of the action, and what it is called with. */
export async function parse(...args: string[]): Promise<unknown[]> {
  return (await parsed(args)).calls;
}

/** What `--help` of a command prints. */
export async function helpOf(...command: string[]): Promise<string> {
  return (await parsed([...command, '--help'])).stdout;
}

async function parsed(args: string[]): Promise<{ calls: unknown[]; stdout: string }> {
  const calls: unknown[] = [];
  const record =
    (name: string) =>
    async (...rest: unknown[]): Promise<void> => {
      calls.push(name, ...rest);
    };
  const actions: Actions = {
    train: record('train'),
    findLr: record('find-lr'),
    evaluate: record('evaluate'),
    sample: record('sample'),
    reconstruct: record('reconstruct'),
    generate: record('generate'),
    interpolate: record('interpolate'),
    traverse: record('traverse'),
    embed: record('embed'),
    classify: record('classify'),
    denoise: record('denoise'),
    inpaint: record('inpaint'),
    serve: record('serve'),
    recommend: record('recommend'),
    anomalyFit: record('anomalyFit'),
    anomalyScore: record('anomalyScore'),
    inspect: record('inspect'),
    import: record('import'),
    export: record('export'),
    dataInfo: record('data info'),
    dataSchema: record('data schema'),
    dataPreview: record('data preview'),
    dataSplit: record('data split'),
    dataGet: record('data get'),
    presets: record('presets'),
    doctor: record('doctor'),
    setupTensorflow: record('setup tensorflow'),
  };
  const outputs = { stdout: recordOutput(), stderr: recordOutput() };
  const program = createProgram({ version: '1.2.3', outputs, actions });
  await program.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => {
    // Help ends so, too.
    if (!(thrown instanceof CommanderError && thrown.exitCode === 0)) throw thrown;
  });
  return { calls, stdout: outputs.stdout.text };
}

export async function usage(...args: string[]): Promise<UsageError> {
  const error: unknown = await parse(...args).catch((thrown: unknown) => thrown);
  if (!(error instanceof UsageError)) throw new Error(`no usage error: ${String(error)}`);
  return error;
}
