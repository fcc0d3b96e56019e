/** What every user-facing error says: where, what was expected, what came, how to mend it. */
export interface ErrorDetails {
  /** Stable, upper-case: `DATA_TRUNCATED`. */
  readonly code: string;
  /** File, flag, config key, tensor ... */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

/** The details of an error that carries all five, whichever package's class it is. */
export function errorDetails(error: unknown): ErrorDetails | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, where, expected, got, fix } = error as Record<keyof ErrorDetails, unknown>;
  if (typeof code !== 'string' || typeof where !== 'string') return undefined;
  if (typeof expected !== 'string' || typeof got !== 'string' || typeof fix !== 'string') {
    return undefined;
  }
  return { code, where, expected, got, fix };
}

export type ProtocolErrorCode =
  'PROTOCOL_TRUNCATED' | 'PROTOCOL_CORRUPT' | 'PROTOCOL_VERSION' | 'PROTOCOL_INVALID';

/** Bytes that are no message of this protocol's version. */
export class ProtocolError extends Error implements ErrorDetails {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;

  constructor(details: ErrorDetails & { readonly code: ProtocolErrorCode }) {
    super(`${details.where}: expected ${details.expected}, got ${details.got}. ${details.fix}`);
    this.code = details.code;
    this.where = details.where;
    this.expected = details.expected;
    this.got = details.got;
    this.fix = details.fix;
  }
}
