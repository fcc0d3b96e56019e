/**
 * The routes. Everything but the page is JSON; an error is { error: { code, where, expected, got, fix } }.
 * At most `concurrency` requests are read and answered at once; whoever comes besides is told to come
 * again.
 */
import type { HttpBindings } from '@hono/node-server';
import { errorDetails } from '@lockstep/protocol';
import type { InputError, ModelService } from '@lockstep/trainer';
import { Hono, type Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { openApi } from './openApi.ts';
import { page } from './page.ts';
import { readBody } from './readBody.ts';
import { ServeError, UNFORESEEN } from './serveError.ts';

export interface AppOptions {
  readonly maxBodyBytes: number;
  readonly concurrency: number;
  /** What of the model's errors is the client's. */
  readonly InputError: typeof InputError;
  /** Told of what nobody foresaw. */
  onError(error: unknown): void;
}

export interface App {
  readonly fetch: Hono<{ Bindings: HttpBindings }>['fetch'];
  /** From now on requests are refused; resolves when those that are being answered are done. */
  drain(): Promise<void>;
}

interface State {
  /** Requests that are being read and answered. */
  active: number;
  /** Set once the server closes. */
  onIdle: (() => void) | undefined;
}

/** The page has styles of its own, and nothing else may load. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'";

export function createApp(service: ModelService, options: AppOptions): App {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const { maxBodyBytes, concurrency } = options;
  const api = openApi(service);
  const state: State = { active: 0, onIdle: undefined };

  app.use(async (c, next) => {
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cache-Control', 'no-store');
    if (state.onIdle) c.header('Connection', 'close');
  });
  app.get('/health', (c) =>
    state.onIdle
      ? c.json({ status: 'closing' }, 503)
      : c.json({ status: 'ok', active: state.active }),
  );
  app.get('/model', (c) => {
    const functions = service.functions.map(({ use, input, outputs, classes }) => {
      return { use, path: `/${use}`, input: input.schema, outputs, classes };
    });
    return c.json({ ...service.model, functions, limits: { maxBodyBytes, concurrency } });
  });
  app.get('/openapi.json', (c) => c.json(api));
  app.get('/', (c) => {
    c.header('Content-Security-Policy', PAGE_POLICY);
    return c.html(page(service, new URL(c.req.url).origin));
  });
  for (const { use } of service.functions) {
    app.post(`/${use}`, async (c) => {
      if (state.onIdle || state.active >= concurrency)
        throw busy(concurrency, state.onIdle !== undefined);
      state.active += 1;
      try {
        const body = await readBody(c.env.incoming, maxBodyBytes);
        return c.json({ outputs: await service.answer(use, requestOf(body)) });
      } finally {
        leave(state);
      }
    });
    app.all(`/${use}`, (c) => refuseMethod(c, 'POST'));
  }
  for (const path of ['/', '/health', '/model', '/openapi.json']) {
    app.all(path, (c) => refuseMethod(c, 'GET, HEAD'));
  }
  const routes = service.functions.map(({ use }) => `POST /${use}`).join(', ');
  app.notFound((c) => {
    const error = noSuchRoute(`${c.req.method} ${c.req.path}`, routes);
    return c.json({ error: errorDetails(error) }, 404);
  });
  app.onError((error, c) => {
    const status = statusOf(error, options);
    if (status === 503) c.header('Retry-After', '1');
    // What is left of the body is not read.
    if (status === 413 || status === 415 || status === 503) c.header('Connection', 'close');
    if (status >= 500 && status !== 503 && !isAborted(error)) options.onError(error);
    return c.json({ error: errorDetails(error) ?? UNFORESEEN }, status);
  });
  return {
    fetch: app.fetch,
    drain: () =>
      new Promise((resolve) => {
        state.onIdle = resolve;
        if (state.active === 0) resolve();
      }),
  };
}

function leave(state: State): void {
  state.active -= 1;
  if (state.active === 0) state.onIdle?.();
}

/** @throws ServeError */
function requestOf(body: unknown): { readonly inputs: unknown; readonly labels?: unknown } {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
    const { inputs, labels, ...others } = body as Record<string, unknown>;
    const [other] = Object.keys(others);
    if (other === undefined) return { inputs, labels };
    throw new ServeError(422, {
      code: 'SERVE_INPUT',
      where: 'body',
      expected: 'the fields inputs and, for some models, labels',
      got: `"${other.slice(0, 60)}" besides`,
      fix: 'Leave it out.',
    });
  }
  throw new ServeError(422, {
    code: 'SERVE_INPUT',
    where: 'body',
    expected: 'an object with the field inputs',
    got: Array.isArray(body) ? 'a list' : JSON.stringify(body).slice(0, 60),
    fix: 'Send {"inputs": [...]}.',
  });
}

function statusOf(error: Error, options: AppOptions): ContentfulStatusCode {
  if (error instanceof ServeError) return error.status as ContentfulStatusCode;
  return error instanceof options.InputError ? 422 : 500;
}

function busy(concurrency: number, closing: boolean): ServeError {
  return new ServeError(503, {
    code: closing ? 'SERVE_CLOSING' : 'SERVE_BUSY',
    where: 'server',
    expected: closing ? 'no more requests' : `at most ${concurrency} requests at once`,
    got: closing ? 'one while the server closes' : 'one more',
    fix: 'Ask again after the seconds that Retry-After says.',
  });
}

/** @throws ServeError, always */
function refuseMethod(c: Context, allowed: string): never {
  c.header('Allow', allowed);
  const { method, path } = c.req;
  throw new ServeError(405, {
    code: 'SERVE_METHOD',
    where: 'method',
    expected: `${allowed} for ${path}`,
    got: method,
    fix: 'GET / says what the server answers.',
  });
}

function noSuchRoute(got: string, routes: string): ServeError {
  return new ServeError(404, {
    code: 'SERVE_NO_SUCH_ROUTE',
    where: 'path',
    expected: `${routes}, GET /model, GET /health, GET /openapi.json or GET /`,
    got,
    fix: 'GET / says what the server answers.',
  });
}

/** The client has left before its request was whole: nobody is there to answer, and nothing is wrong here. */
function isAborted(error: unknown): boolean {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return code === 'ECONNRESET' || name === 'AbortError';
}
