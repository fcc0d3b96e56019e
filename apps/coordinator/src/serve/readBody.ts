/** The body of a request as JSON, of no more than so many bytes. */
import type { IncomingMessage } from 'node:http';
import { ServeError } from './serveError.ts';

/** @throws ServeError 413, 415, 400; what the stream throws where the client has gone */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<unknown> {
  const type = incoming.headers['content-type'];
  if (!/^application\/json\s*(;|$)/i.test(type ?? '')) {
    throw new ServeError(415, {
      code: 'SERVE_CONTENT_TYPE',
      where: 'Content-Type',
      expected: 'application/json',
      got: type ?? 'none',
      fix: "Send the header 'Content-Type: application/json'.",
    });
  }
  const encoding = incoming.headers['content-encoding'] ?? 'identity';
  if (!/^(identity)?$/i.test(encoding)) {
    throw new ServeError(415, {
      code: 'SERVE_CONTENT_ENCODING',
      where: 'Content-Encoding',
      expected: 'identity, or no such header',
      got: encoding.slice(0, 60),
      fix: 'Send the body as it is, not compressed.',
    });
  }
  const announced = Number(incoming.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge(`${announced} bytes`, maxBytes);
  return parse(textOf(await readBytes(incoming, maxBytes)));
}

/** Without a byte-order mark, which some clients put before JSON. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ServeError(400, {
      code: 'SERVE_ENCODING',
      where: 'body',
      expected: 'text in UTF-8',
      got: 'bytes that are none',
      fix: 'Write the JSON in UTF-8, whatever the charset of the file that it comes from.',
    });
  }
}

/** By its events: whoever leaves a `for await` early destroys the connection that is to be answered. */
function readBytes(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stop = (): void => {
      incoming.off('data', take).off('end', finish).off('error', fail).off('close', leave);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      stop();
      incoming.pause();
      reject(tooLarge(`more`, maxBytes));
    };
    const finish = (): void => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const fail = (error: Error): void => {
      stop();
      reject(error);
    };
    const leave = (): void => fail(new Error('the client has gone'));
    incoming.on('data', take).on('end', finish).on('error', fail).on('close', leave);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const before = text.slice(0, brokenAt(text, messageOf(error))).split('\n');
    throw new ServeError(400, {
      code: 'SERVE_JSON',
      where: `body, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`,
      expected: 'JSON',
      got: text.trim() === '' ? 'nothing' : messageOf(error),
      fix: 'Send {"inputs": [...]}.',
    });
  }
}

/** Most characters that are searched for the place where JSON ends to be some. */
const MOST_SEARCHED = 65_536;

/** Not every message says the position. Then the longest beginning that could go on as JSON ends there. */
function brokenAt(text: string, said: string): number {
  const position = positionIn(said);
  if (position !== undefined) return position;
  let [good, bad] = [0, Math.min(text.length, MOST_SEARCHED) + 1];
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (couldGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function couldGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const said = messageOf(error);
    const position = positionIn(said) ?? -1;
    return position >= beginning.length || /^(Unexpected end|Unterminated)/.test(said);
  }
}

function positionIn(said: string): number | undefined {
  const found = /position (\d+)/.exec(said)?.[1];
  return found === undefined ? undefined : Number(found);
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function tooLarge(got: string, maxBytes: number): ServeError {
  return new ServeError(413, {
    code: 'SERVE_BODY_SIZE',
    where: 'body',
    expected: `at most ${maxBytes} bytes`,
    got,
    fix: 'Send the inputs in several requests, or start the server with a larger --max-body.',
  });
}
