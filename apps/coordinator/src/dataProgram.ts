/** The command `data`: what data is, the columns of a table as a file, a look at it, its parts, and where to get some. */
import type { Command } from 'commander';
import {
  addDataOptions,
  addPartOptions,
  addReadOption,
  type DataFlags,
  type PartFlags,
} from './dataFlags.ts';
import { JSON_HELP, type JsonFlag } from './jsonFlag.ts';
import { choiceOf, integerOf, pngFileOf, textOf } from './optionValues.ts';

export type DataInfoFlags = DataFlags & JsonFlag;

export interface DataSchemaFlags extends Pick<DataFlags, 'read'>, JsonFlag {
  readonly out?: string;
}

export interface DataPreviewFlags extends DataInfoFlags {
  readonly part?: 'train' | 'validation' | 'test';
  readonly count: number;
  readonly out?: string;
}

export interface DataSplitFlags extends PartFlags, JsonFlag {
  readonly out: string;
}

export interface DataGetFlags extends JsonFlag {
  readonly out?: string;
  readonly quiet?: boolean;
}

export interface DataActions {
  dataInfo(data: string, flags: DataInfoFlags): Promise<void>;
  dataSchema(data: string, flags: DataSchemaFlags): Promise<void>;
  dataPreview(data: string, flags: DataPreviewFlags): Promise<void>;
  dataSplit(data: string, flags: DataSplitFlags): Promise<void>;
  dataGet(name: string | undefined, flags: DataGetFlags): Promise<void>;
}

const MOST_EXAMPLES = 10_000;

export function addDataCommands(
  data: Command,
  actions: DataActions,
  throwUsageErrors: (command: Command, name: string) => Command,
): void {
  const command = (declaration: string, description: string): Command => {
    const created = data.command(declaration).description(description);
    return throwUsageErrors(created, `lockstep data ${created.name()}`);
  };
  addDataOptions(command('info <data>', 'kind, parts, shape, classes and statistics'))
    .option('--json', JSON_HELP)
    .action((name: string, flags: DataInfoFlags) => actions.dataInfo(name, flags));
  addReadOption(command('schema <data>', 'what the columns of a table are, as YAML to edit'))
    .option(
      '--out <file>',
      'file to write it to, for --read schema=FILE',
      textOf('--out', 'a path'),
    )
    .option('--json', JSON_HELP)
    .action((name: string, flags: DataSchemaFlags) => actions.dataSchema(name, flags));
  addDataOptions(command('preview <data>', 'the first examples: a picture, or lines of text'))
    .option(
      '--part <part>',
      'of this part; train',
      choiceOf('--part', ['train', 'validation', 'test']),
    )
    .option('--count <n>', 'how many', integerOf('--count', { min: 1, max: MOST_EXAMPLES }), 25)
    .option('--out <file>', 'PNG file to write, of images and spectrograms', pngFileOf('--out'))
    .option('--json', JSON_HELP)
    .action((name: string, flags: DataPreviewFlags) => actions.dataPreview(name, flags));
  addPartOptions(command('split <data>', 'the parts of a table or a text as files of their own'))
    .requiredOption('--out <dir>', 'folder for train.csv, test.csv ...', textOf('--out', 'a path'))
    .option('--json', JSON_HELP)
    .action((name: string, flags: DataSplitFlags) => actions.dataSplit(name, flags));
  command('get [name]', 'fetch a well-known set; without a name, say which there are')
    .option('--out <dir>', 'folder to put it into; data/NAME', textOf('--out', 'a path'))
    .option('--quiet', 'print nothing but errors and the last line')
    .option('--json', JSON_HELP)
    .action((name: string | undefined, flags: DataGetFlags) => actions.dataGet(name, flags));
}
