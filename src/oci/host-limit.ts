/** A bound on concurrent requests per host, so that a slow registry fills its own queue and nobody else's. */
import { asError } from './deadline.ts';

export interface HostLimit {
  /**
   * Waits for a turn, first come first served. Disposing the result gives the turn back.
   * @throws Error when the queue of this host is full; the signal's reason when it is aborted
   */
  enter(host: string, signal: AbortSignal): Promise<Disposable>;
}

interface Waiter {
  start(): void;
}

interface Host {
  running: number;
  readonly waiting: Set<Waiter>;
}

export function createHostLimit(concurrency: number, longestQueue: number): HostLimit {
  const hosts = new Map<string, Host>();

  function leave(name: string, host: Host): void {
    const [next] = host.waiting;
    if (next) {
      host.waiting.delete(next);
      next.start();
      return;
    }
    host.running -= 1;
    if (host.running === 0) hosts.delete(name);
  }

  function turn(name: string, host: Host): Disposable {
    let given = true;
    return {
      [Symbol.dispose]() {
        if (!given) return;
        given = false;
        leave(name, host);
      },
    };
  }

  return {
    async enter(name, signal) {
      signal.throwIfAborted();
      const host = hosts.get(name) ?? { running: 0, waiting: new Set<Waiter>() };
      hosts.set(name, host);
      if (host.running < concurrency) {
        host.running += 1;
        return turn(name, host);
      }
      if (host.waiting.size >= longestQueue) throw new Error(`${longestQueue} requests to ${name} are waiting already`);
      return new Promise<Disposable>((resolve, reject) => {
        const abort = () => {
          host.waiting.delete(waiter);
          reject(asError(signal.reason));
        };
        const waiter: Waiter = {
          start() {
            signal.removeEventListener('abort', abort);
            resolve(turn(name, host));
          },
        };
        host.waiting.add(waiter);
        signal.addEventListener('abort', abort, { once: true });
      });
    },
  };
}
