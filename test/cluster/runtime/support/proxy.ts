/** An HTTP proxy between the runtime and the API server that does to a request what a test asks for. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { type KubeCluster, openCluster } from '../../../../src/kube/cluster.ts';
import { ADMIN_TOKEN } from '../../control-plane/credentials.ts';

/**
 * `lose`: the API server answers, and the answer never arrives. `{ wait }`: milliseconds before it is passed on, or until
 * when.
 * `{ meanwhile }`: what happens between the API server's answer and its arrival.
 */
export type Treatment =
  | 'pass'
  | 'silence'
  | 'cut'
  | 'lose'
  | { readonly wait: number | Promise<unknown> }
  | { readonly meanwhile: () => Promise<void> };

export interface Passed {
  readonly method: string;
  readonly path: string;
  /** `performance.now()` when it came, and when it was answered. */
  readonly at: number;
  answeredAt?: number;
  status?: number;
  /** Seconds, as the API server said. */
  retryAfter?: number;
}

export class ApiProxy implements AsyncDisposable {
  /** What becomes of a request. */
  treat: (request: Passed) => Treatment = () => 'pass';
  /** Everything that was asked, oldest first. */
  readonly requests: Passed[] = [];
  readonly cluster: KubeCluster;
  readonly #server: Server;
  readonly #agent: Agent;
  readonly #target: string;
  readonly #token: string;
  readonly #open = new Set<{
    readonly passed: Passed;
    readonly body: Dispatcher.ResponseData['body'];
    readonly to: ServerResponse;
  }>();

  private constructor(server: Server, port: number, target: string, agent: Agent, token: string) {
    this.#server = server;
    this.#target = target;
    this.#agent = agent;
    this.#token = token;
    this.cluster = openCluster(`http://127.0.0.1:${port}`);
    server.on('request', (from: IncomingMessage, to: ServerResponse) => {
      void this.#serve(from, to).catch(() => to.destroy());
    });
  }

  static async start(
    plane: { readonly server: string; readonly caFile: string },
    token = ADMIN_TOKEN,
  ): Promise<ApiProxy> {
    const agent = new Agent({ connections: 1000, connect: { ca: readFileSync(plane.caFile) } });
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return new ApiProxy(server, port, plane.server, agent, token);
  }

  /** Ends what is being watched, as a load balancer does. @returns how many it were */
  cutWatches(): number {
    const watches = [...this.#open].filter(({ passed }) => passed.path.includes('watch=true'));
    for (const { body } of watches) body.destroy(new Error('the proxy cuts it'));
    return watches.length;
  }

  /** Says that the watches of a resource are too far behind, so that it has to be listed again. */
  expireWatches(resource: string): void {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: 410,
      reason: 'Expired',
      message: 'too old',
    };
    for (const { passed, to } of this.#open) {
      if (!passed.path.includes('watch=true') || !passed.path.includes(`/${resource}?`)) continue;
      to.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#agent.destroy();
  }

  async #serve(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = from;
    const passed: Passed = { method, path: url, at: performance.now() };
    this.requests.push(passed);
    const body = await bodyOf(from);
    const treatment = this.treat(passed);
    if (treatment === 'silence') return;
    if (treatment === 'cut') {
      to.destroy();
      return;
    }
    if (typeof treatment === 'object' && 'wait' in treatment)
      await (typeof treatment.wait === 'number' ? sleep(treatment.wait) : treatment.wait);
    const headers = { ...from.headers, authorization: `Bearer ${this.#token}` };
    for (const name of ['host', 'connection', 'content-length', 'transfer-encoding'])
      Reflect.deleteProperty(headers, name);
    const answer = await request(this.#target + url, {
      dispatcher: this.#agent,
      method: method,
      headers,
      ...(body.length > 0 && { body }),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    passed.status = answer.statusCode;
    passed.answeredAt = performance.now();
    if (answer.headers['retry-after'] !== undefined) passed.retryAfter = Number(answer.headers['retry-after']);
    if (typeof treatment === 'object' && 'meanwhile' in treatment) await treatment.meanwhile();
    if (treatment === 'lose') {
      await answer.body.dump();
      to.destroy();
      return;
    }
    await this.#passOn(passed, answer, to);
  }

  async #passOn(passed: Passed, answer: Dispatcher.ResponseData, to: ServerResponse): Promise<void> {
    const open = { passed, body: answer.body, to };
    this.#open.add(open);
    to.once('close', () => {
      answer.body.on('error', () => undefined).destroy();
      this.#open.delete(open);
    });
    to.writeHead(answer.statusCode, answer.headers);
    to.flushHeaders();
    for await (const chunk of answer.body) {
      if (!to.writableEnded) to.write(chunk);
    }
    to.end();
  }
}

async function bodyOf(from: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of from) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
