/** What `--help` says beside commander's own: which options a command cannot do without. */
import { Help, type Command, type Option } from 'commander';

const own = new Help();

/** For `configureHelp`. */
export const HELP = {
  optionDescription(option: Option): string {
    const description = own.optionDescription(option);
    return option.mandatory ? `${description} (required)` : description;
  },
  /** `lockstep sample --out <file> [options] <run>` */
  commandUsage(command: Command): string {
    const required = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
    const usage = own.commandUsage(command);
    return required.length > 0
      ? usage.replace('[options]', `${required.join(' ')} [options]`)
      : usage;
  },
};
