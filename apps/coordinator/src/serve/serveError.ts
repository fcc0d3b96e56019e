/** What a client is told when it gets no answer: an HTTP status, and the five words of all our errors. */
import type { ErrorDetails } from '@lockstep/protocol';

export class ServeError extends Error implements ErrorDetails {
  override readonly name = 'ServeError';
  readonly status: number;
  readonly code: string;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;

  constructor(status: number, details: ErrorDetails) {
    super(`${details.where}: expected ${details.expected}, got ${details.got}. ${details.fix}`);
    this.status = status;
    this.code = details.code;
    this.where = details.where;
    this.expected = details.expected;
    this.got = details.got;
    this.fix = details.fix;
  }
}

/** Of an error that is not the client's, and that it is told nothing about. */
export const UNFORESEEN: ErrorDetails = {
  code: 'UNEXPECTED',
  where: 'server',
  expected: 'an answer',
  got: 'an error of the server itself',
  fix: 'Look at what the server printed.',
};
