/** Serves a trained model over HTTP: the command `serve`. It listens on this machine alone unless told. */
import { createServer, type Server } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { ModelService, ServiceOptions } from '@lockstep/trainer';
import type { Trainer } from '../trainer.ts';
import { createApp } from './httpApp.ts';
import { answerProtocolErrors, badRequest, errorResponse } from './protocolErrors.ts';
import { ServeError, UNFORESEEN } from './serveError.ts';

export interface ServeOptions extends ServiceOptions {
  /** 0: any that is free. Default 8080. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Requests that are read and answered at once. Default 64. */
  readonly concurrency?: number;
  /** How long a request may take to arrive. Default 10,000. */
  readonly requestTimeoutMs?: number;
  onError?(error: unknown): void;
}

export interface RunningServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly service: Pick<ModelService, 'model' | 'functions'>;
  /** Refuses further requests, answers those that have come, then stops. */
  close(): Promise<void>;
}

/** @throws as `openService`; ServeError where the port cannot be had */
export async function serveRun(
  { openService, InputError }: Pick<Trainer, 'openService' | 'InputError'>,
  run: string,
  options: ServeOptions,
): Promise<RunningServer> {
  const {
    port = 8080,
    host = '127.0.0.1',
    maxBodyBytes = 2 ** 20,
    concurrency = 64,
    requestTimeoutMs = 10_000,
    onError = () => undefined,
  } = options;
  const service = await openService(run, options);
  const app = createApp(service, { maxBodyBytes, concurrency, InputError, onError });
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler(error) {
      if (error instanceof RequestError) return errorResponse(badRequest(error.message));
      onError(error);
      return errorResponse(new ServeError(500, UNFORESEEN));
    },
  });
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.max(50, Math.min(1000, requestTimeoutMs / 4)),
      keepAliveTimeout: 5000,
      // Missing hosts are refused by the listener, which says so.
      requireHostHeader: false,
    },
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  answerProtocolErrors(server, requestTimeoutMs);
  try {
    await listen(server, port, host);
  } catch (error) {
    await service.close();
    throw error;
  }
  return {
    url: urlOf(server),
    service,
    async close() {
      // Still listening: a server that does not no longer ends requests that are too slow.
      await app.drain();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Whoever sends only headers, or does not read its answer.
      const timer = setTimeout(() => server.closeAllConnections(), requestTimeoutMs);
      await closed;
      clearTimeout(timer);
      await service.close();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new ServeError(500, {
          code: 'SERVE_LISTEN',
          where: `--host ${host} --port ${port}`,
          expected: 'an address of this machine with a free port',
          got: error.code ?? error.message,
          fix: 'Choose another port (--port 0 takes any), or end what listens there.',
        }),
      );
    });
    server.listen(port, host, () => resolve());
  });
}

function urlOf(server: Server): string {
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('a server without a port');
  return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`;
}
