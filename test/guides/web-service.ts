/** What health checks of a guide ask: a server that answers every request the same, until it is told otherwise. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class WebService implements AsyncDisposable {
  readonly #server: Server;
  #status = 200;
  #body: unknown = {};

  constructor() {
    this.#server = createServer((_request, response) => {
      response.writeHead(this.#status, { 'content-type': 'application/json' }).end(JSON.stringify(this.#body));
    });
  }

  static async start(): Promise<WebService> {
    const service = new WebService();
    await new Promise<void>((resolve) => {
      service.#server.listen(0, '127.0.0.1', resolve);
    });
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  answer(status: number, body: unknown): void {
    this.#status = status;
    this.#body = body;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
