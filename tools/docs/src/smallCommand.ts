/** A command of a page with the same flags, but a few steps of training on little data. */
import { DIGITS } from './smallData.ts';

const SIZES = ['--steps', '3', '--batch-size', '16', '--micro-batch', '8'];
/** Flags that the sizes above take the place of, each with a value. */
const replaced = ['--epochs', '--batch-size', '--micro-batch', '--steps'];

export function smallCommand(args: readonly string[]): string[] {
  if (args[0] !== 'train') return [...args];
  const kept = args.filter(
    (arg, i) => !replaced.includes(arg) && !replaced.includes(args[i - 1] ?? ''),
  );
  const data = kept.includes('--data') ? [] : ['--data', DIGITS];
  return [...kept, ...data, ...SIZES, '--quiet'];
}
