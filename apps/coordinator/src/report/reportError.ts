import type { Outputs } from '../output.ts';
import { errorEvent, errorText } from './errorReport.ts';
import { writeJson } from './writeJson.ts';

/** To people on stderr, or as the last JSON line where `args` ask for JSON. */
export function reportError(error: unknown, args: readonly string[], outputs: Outputs): void {
  if (wantsJson(args)) writeJson(outputs.stdout, errorEvent(error, args));
  else outputs.stderr.write(errorText(error, args));
}

/** Also for command lines that cannot be parsed. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).includes('--json');
}
