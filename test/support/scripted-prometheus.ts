/** Answers like a Prometheus that scrapes the applications of the tests, for tests that have no real one. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Errors, FIRING_ABOVE, type Known, PENDING_ABOVE } from './errors.ts';

export class ScriptedPrometheus implements AsyncDisposable {
  readonly #server: Server;
  readonly #errors: Errors;

  private constructor(errors: Errors) {
    this.#errors = errors;
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://server');
      const [status, answer] = this.#answer(url);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  }

  static async start(errors: Errors): Promise<ScriptedPrometheus> {
    const prometheus = new ScriptedPrometheus(errors);
    await new Promise<void>((resolve) => {
      prometheus.#server.listen(0, '127.0.0.1', resolve);
    });
    return prometheus;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer({ pathname, searchParams }: URL): [number, unknown] {
    if (pathname === '/api/v1/alerts') return [200, { status: 'success', data: { alerts: this.#alerts() } }];
    if (pathname !== '/api/v1/query') return [404, {}];
    const [, namespace] = /^errors\{namespace="([^"]+)"\}$/.exec(searchParams.get('query') ?? '') ?? [];
    if (namespace === undefined) {
      return [400, { status: 'error', errorType: 'bad_data', error: 'invalid parameter "query": 1:7: parse error' }];
    }
    const time = searchParams.get('time');
    const known = this.#errors.at(namespace, time === null ? undefined : Temporal.Instant.from(time));
    const labels = known && { __name__: 'errors', namespace, app: known.app };
    const result = known && { metric: labels, value: [known.at.epochMilliseconds / 1000, String(known.value)] };
    return [200, { status: 'success', data: { resultType: 'vector', result: result === undefined ? [] : [result] } }];
  }

  #alerts(): readonly unknown[] {
    const alert = ({ namespace, app, value }: Known, alertname: string, state: string, above: number): unknown => {
      const labels = { alertname, app, namespace, severity: 'critical' };
      return { labels, annotations: {}, state, activeAt: this.#errors.above(namespace, above), value: String(value) };
    };
    return this.#errors
      .now()
      .flatMap((known) => [
        ...(known.value > FIRING_ABOVE ? [alert(known, 'HighErrorRate', 'firing', FIRING_ABOVE)] : []),
        ...(known.value > PENDING_ABOVE ? [alert(known, 'SlowBurn', 'pending', PENDING_ABOVE)] : []),
      ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
