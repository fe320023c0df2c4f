/** Stands before a Prometheus: asks for credentials, speaks TLS, is broken, as a test says. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { certificate, key } from '../../src/oci/testing/certificate.ts';

export type Trouble = 'down' | 'slow' | 'nonsense';

interface FrontOptions {
  /** What is behind it. */
  readonly url: string;
  /** Value of the header without which it answers 401. */
  readonly authorization?: string;
  /** By the certificate of the tests. */
  readonly tls?: boolean;
}

export interface Front extends AsyncDisposable {
  /** With a path, as behind a proxy. */
  readonly url: string;
  trouble: Trouble | undefined;
  /** Answers that it gave, of whatever kind. */
  readonly answered: number;
}

export async function startFront({ url, authorization, tls = false }: FrontOptions): Promise<Front> {
  let answered = 0;
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    answered += 1;
    if (front.trouble === 'down') request.socket.destroy();
    else if (front.trouble === 'nonsense') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    else if (authorization !== undefined && request.headers.authorization !== authorization) {
      response.writeHead(401).end('Unauthorized');
    } else if (front.trouble !== 'slow') {
      const behind = await fetch(`${url}${(request.url ?? '').replace(/^\/prometheus/, '')}`);
      response.writeHead(behind.status, { 'content-type': 'application/json' }).end(await behind.text());
    }
  }
  const listener: RequestListener = (request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  };
  const server = tls ? createTlsServer({ cert: certificate, key }, listener) : createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const front = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${portOf(server)}/prometheus/`,
    trouble: undefined as Trouble | undefined,
    get answered() {
      return answered;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return front;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
