/** The error rate of the application of each namespace, as its test says, where a Prometheus scrapes it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What alerts are about: the rules of the tests' Prometheus, and of what stands in for it. */
export const FIRING_ABOVE = 0.5;
export const PENDING_ABOVE = 0.1;
export const alertRules = [
  { alert: 'HighErrorRate', expr: `errors > ${FIRING_ABOVE}`, labels: { severity: 'critical' } },
  { alert: 'SlowBurn', expr: `errors > ${PENDING_ABOVE}`, for: '1d', labels: { severity: 'critical' } },
];

export interface Known {
  readonly namespace: string;
  readonly app: string;
  readonly value: number;
  readonly at: Temporal.Instant;
}

export class Errors implements AsyncDisposable {
  /** By namespace, oldest first. */
  readonly #known = new Map<string, Known[]>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((_, response) => {
      const lines = this.now().map(
        ({ namespace, app, value }) => `errors{namespace="${namespace}",app="${app}"} ${value}\n`,
      );
      response.end(lines.join(''));
    });
  }

  static async start(): Promise<Errors> {
    const errors = new Errors();
    await new Promise<void>((resolve) => {
      errors.#server.listen(0, '127.0.0.1', resolve);
    });
    return errors;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @param app label of the metric */
  set(namespace: string, value: number, app = 'app'): void {
    const list = this.#known.get(namespace) ?? [];
    this.#known.set(namespace, [...list, { namespace, app, value, at: Temporal.Now.instant() }]);
  }

  /** The last of each namespace. */
  now(): readonly Known[] {
    return [...this.#known.values()].flatMap((list) => list.slice(-1));
  }

  /** @param time default: now */
  at(namespace: string, time?: Temporal.Instant): Known | undefined {
    const list = this.#known.get(namespace) ?? [];
    return list.findLast(({ at }) => time === undefined || Temporal.Instant.compare(at, time) <= 0);
  }

  /** Since when it is above that. */
  above(namespace: string, limit: number): Temporal.Instant | undefined {
    const list = this.#known.get(namespace) ?? [];
    return list[list.findLastIndex(({ value }) => value <= limit) + 1]?.at;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
