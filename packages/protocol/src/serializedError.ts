/**
 * Errors that cross a thread. Structured clone keeps an error's name, message and stack but drops
 * its own fields (code, where, expected, got, fix), and those are what the user needs to read.
 */

/** An error as plain data: safe for structured clone, msgpack and JSON. */
export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly where?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly fix?: string;
  /** The worker it happened in, as people call it: `worker 2`. */
  readonly worker?: string;
  readonly cause?: SerializedError;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A cause may point back at its error; nobody reads deeper than this. */
const MAX_CAUSES = 4;

const TEXT_FIELDS = ['stack', 'code', 'where', 'expected', 'got', 'fix', 'worker'] as const;

/** Takes whatever was thrown; never throws itself. `worker` names the thread it happened in. */
export function serializeError(error: unknown, worker?: string): SerializedError {
  const serialized = serialize(error, MAX_CAUSES);
  return worker === undefined || serialized.worker !== undefined
    ? serialized
    : { ...serialized, worker };
}

function serialize(error: unknown, causes: number): SerializedError {
  if (typeof error !== 'object' || error === null) {
    return { name: 'NonError', message: describe(error) };
  }
  const serialized: Mutable<SerializedError> = {
    name: readText(error, 'name') ?? 'NonError',
    message: readText(error, 'message') ?? describe(error),
  };
  for (const field of TEXT_FIELDS) {
    const text = readText(error, field);
    if (text !== undefined) serialized[field] = text;
  }
  const cause = read(error, 'cause') ?? read(read(error, 'errors'), '0');
  if (cause !== undefined && cause !== null && causes > 0) {
    serialized.cause = serialize(cause, causes - 1);
  }
  return serialized;
}

/** Getters and proxies of a foreign error may throw. */
function read(value: unknown, field: string): unknown {
  try {
    return (value as Record<string, unknown>)[field];
  } catch {
    return undefined;
  }
}

function readText(error: object, field: string): string | undefined {
  const value = read(error, field);
  return typeof value === 'string' ? value : undefined;
}

function describe(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'a value that cannot be printed';
  }
}

/** An error that happened in another thread, with everything it had to say. */
export class RemoteError extends Error {
  override readonly name: string;
  readonly code: string | undefined;
  readonly where: string | undefined;
  readonly expected: string | undefined;
  readonly got: string | undefined;
  readonly fix: string | undefined;
  readonly worker: string | undefined;

  constructor(serialized: SerializedError) {
    super(
      serialized.message,
      serialized.cause === undefined ? undefined : { cause: reviveError(serialized.cause) },
    );
    this.name = serialized.name;
    if (serialized.stack !== undefined) this.stack = serialized.stack;
    this.code = serialized.code;
    this.where = serialized.where;
    this.expected = serialized.expected;
    this.got = serialized.got;
    this.fix = serialized.fix;
    this.worker = serialized.worker;
  }
}

/** The thrower's own stack is kept: the reviving thread's says nothing. */
export function reviveError(serialized: SerializedError): RemoteError {
  return new RemoteError(serialized);
}
