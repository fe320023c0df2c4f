/** A service that gates of class `http` ask: it answers as a namespace's test says, and remembers what it was asked. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

export interface Asked {
  readonly authorization: string | undefined;
  readonly question: Readonly<Record<string, string>>;
}

interface Answer {
  /** Default 200. */
  readonly status?: number;
  readonly body: unknown;
}

export class GateService implements AsyncDisposable {
  readonly #answers = new Map<string, (question: Asked['question']) => Answer>();
  readonly #asked: Asked[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const question = JSON.parse(body) as Asked['question'];
        this.#asked.push({ authorization: request.headers.authorization, question });
        const answer = this.#answers.get(question.namespace ?? '')?.(question) ?? { body: {} };
        const headers = { 'content-type': 'application/json' };
        response.writeHead(answer.status ?? 200, headers).end(JSON.stringify(answer.body));
      });
    });
  }

  static async start(): Promise<GateService> {
    const service = new GateService();
    await new Promise<void>((resolve) => {
      service.#server.listen(0, '127.0.0.1', resolve);
    });
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/check`;
  }

  /** What it answers from now on to the gates of a namespace; until then it allows everything. */
  answer(namespace: string, answer: (question: Asked['question']) => Answer): void {
    this.#answers.set(namespace, answer);
  }

  /** By the gates of a namespace, oldest first. */
  asked(namespace: string): readonly Asked[] {
    return this.#asked.filter(({ question }) => question.namespace === namespace);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** One for all tests of a file. Call it at the top; the function that it returns is for inside of tests. */
export function sharedGateService(): () => GateService {
  let service: GateService | undefined;
  beforeAll(async () => {
    service = await GateService.start();
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
  });
  return () => {
    if (service === undefined) throw new Error('the service is there only inside of tests');
    return service;
  };
}
