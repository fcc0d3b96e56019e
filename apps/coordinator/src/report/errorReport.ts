/** Any error, as an event and as text. Errors a user can mend have no stack; others do. */
import { errorDetails, serializeError } from '@lockstep/protocol';
import type { ErrorDetails, ErrorEvent } from '@lockstep/protocol';
import { withTypedFlag } from './typedFlag.ts';

/** @param args the command line, whose flags are named as they were typed */
export function errorEvent(error: unknown, args: readonly string[] = []): ErrorEvent {
  const { name, message, stack, worker } = serializeError(error);
  const details = detailsOf(error, args);
  const inWorker = worker === undefined ? {} : { worker };
  const withStack = stack === undefined ? {} : { stack };
  if (details !== undefined) {
    return {
      event: 'error',
      message: message.replace(errorDetails(error)?.where ?? '', details.where),
      ...details,
      ...inWorker,
      ...(worker === undefined ? {} : withStack),
    };
  }
  return {
    event: 'error',
    code: 'UNEXPECTED',
    message: `${name}: ${message}`,
    ...inWorker,
    ...withStack,
  };
}

function detailsOf(error: unknown, args: readonly string[]): ErrorDetails | undefined {
  const details = errorDetails(error);
  return details && withTypedFlag(details, args);
}

/** A block of lines; ends in a line feed. */
export function errorText(error: unknown, args: readonly string[] = []): string {
  const event = errorEvent(error, args);
  const details = detailsOf(error, args);
  const lines =
    details === undefined
      ? [`error: ${event.message}`]
      : [
          `error: ${details.code}`,
          field('where', details.where),
          field('expected', details.expected),
          field('got', details.got),
          field('fix', details.fix),
        ];
  if (event.worker !== undefined) lines.push(field('worker', event.worker));
  if (event.stack !== undefined) lines.push(...frames(event.stack));
  lines.push(...causes(error, details === undefined ? Infinity : FRAMES_OF_A_CAUSE));
  return lines.map((line) => `${line}\n`).join('');
}

/** A user's own file that threw: its line is among the first. */
const FRAMES_OF_A_CAUSE = 4;

function causes(error: unknown, maxFrames: number): string[] {
  const lines: string[] = [];
  for (let { cause } = serializeError(error); cause !== undefined; cause = cause.cause) {
    // An errno (ENOENT, EACCES) says all in its message, which typed errors repeat.
    if (cause.code !== undefined && maxFrames !== Infinity) break;
    lines.push(`caused by ${cause.name}: ${cause.message}`);
    lines.push(...frames(cause.stack ?? '').slice(0, maxFrames));
  }
  return lines;
}

function field(name: string, value: string): string {
  const label = `  ${name.padEnd(10)}`;
  return label + value.replaceAll('\n', `\n${' '.repeat(label.length)}`);
}

/** Without the first lines, which repeat the message. */
function frames(stack: string): string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}
