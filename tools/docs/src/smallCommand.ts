/** A command of a page with the same flags, but a few steps on little data. */
import { DIGITS } from './smallData.ts';

/** Flags of commands that take long, each with a value; a page's own values give way to them. */
const SMALL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  train: { '--steps': '3', '--batch-size': '16', '--micro-batch': '8' },
  inpaint: { '--steps': '3' },
};

/** Labels of the 400 digits to train on: a smaller share than pages ask for by --labelled-share. */
const FEW_LABELS = '20';

export function smallCommand(args: readonly string[]): string[] {
  const [command = ''] = args;
  const small = SMALL[command];
  if (!small) return [...args];
  const replaced = [...Object.keys(small), '--epochs'];
  const kept = args
    .filter((arg, i) => !replaced.includes(arg) && !replaced.includes(args[i - 1] ?? ''))
    .map((arg, i, all) => (all[i - 1] === '--labels' ? FEW_LABELS : arg));
  const sized = [...kept, ...Object.entries(small).flat()];
  if (command !== 'train') return sized;
  return [...sized, ...(kept.includes('--data') ? [] : ['--data', DIGITS]), '--quiet'];
}
