/**
 * What is refused before a route sees it: requests that are not HTTP, have too large headers, or do not arrive
 * in time. Node would answer these by a status alone; here they are told what others are.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorDetails } from '@lockstep/protocol';
import { ServeError } from './serveError.ts';

type HttpError = Error & { readonly code?: string; readonly reason?: string };

export function answerProtocolErrors(server: Server, requestTimeoutMs: number): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    answers.set(socket, answer);
  });
  server.on('clientError', (error: HttpError, socket: Duplex) => {
    const answer = answers.get(socket);
    // What has begun cannot become another answer, and whoever has gone reads none.
    const isAnswering = answer !== undefined && answer.headersSent && !answer.writableFinished;
    if (!socket.writable || isAnswering || error.code === 'ECONNRESET') socket.destroy();
    else socket.end(messageOf(protocolError(error, requestTimeoutMs)), () => socket.destroy());
  });
  server.on('checkExpectation', ({ headers }: IncomingMessage, answer: ServerResponse) => {
    const expectation = headers.expect ?? '';
    const error = new ServeError(417, {
      code: 'SERVE_HTTP',
      where: 'Expect',
      expected: '100-continue, or no such header',
      got: expectation.slice(0, 60),
      fix: 'Leave the header out.',
    });
    answer.writeHead(error.status, Object.fromEntries(headersOf(error))).end(bodyOf(error));
  });
}

/** Of a request without a URL that can be read, such as one without a host. */
export function badRequest(got: string): ServeError {
  return new ServeError(400, {
    code: 'SERVE_HTTP',
    where: 'request',
    expected: 'a request of HTTP/1.1',
    got,
    fix: 'Send one by a client that speaks HTTP, such as curl or fetch.',
  });
}

export function errorResponse(error: ServeError): Response {
  return new Response(bodyOf(error), { status: error.status, headers: headersOf(error) });
}

function protocolError({ code, reason, message }: HttpError, timeoutMs: number): ServeError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ServeError(408, {
      code: 'SERVE_TIMEOUT',
      where: 'request',
      expected: `all of it within ${timeoutMs} ms`,
      got: 'a part',
      fix: 'Send less at once, or start the server with a larger --request-timeout-ms.',
    });
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ServeError(431, {
      code: 'SERVE_HEADER_SIZE',
      where: 'headers',
      expected: `at most ${maxHeaderSize} bytes`,
      got: 'more',
      fix: 'Send fewer headers, or shorter ones.',
    });
  }
  return badRequest(reason ?? message);
}

function messageOf(error: ServeError): string {
  const lines = headersOf(error).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\n`;
  return `${status}${lines.join('')}\r\n${bodyOf(error)}`;
}

function headersOf(error: ServeError): [string, string][] {
  return [
    ['Content-Type', 'application/json'],
    ['Content-Length', String(Buffer.byteLength(bodyOf(error)))],
    ['X-Content-Type-Options', 'nosniff'],
    ['Cache-Control', 'no-store'],
    ['Connection', 'close'],
  ];
}

function bodyOf(error: ServeError): string {
  return JSON.stringify({ error: errorDetails(error) });
}
