/** Speaks to the inspector of a Node process: https://chromedevtools.github.io/devtools-protocol/v8/ */
import type { Subject } from './subject.ts';

/** Of Node: any free port of this machine alone. */
export const inspectorFlags = ['--inspect=127.0.0.1:0'] as const;

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export class Inspector implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.#take(JSON.parse(String(data)) as Answer);
    });
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the inspector hung up'));
      this.#waiting.clear();
    });
  }

  /** @throws when the process was not started with `inspectorFlags` */
  static async connect(subject: Subject): Promise<Inspector> {
    const url = /Debugger listening on (ws:\S+)/.exec(subject.said())?.[1];
    if (url === undefined) throw new Error('the process has no inspector');
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return new Inspector(socket);
  }

  send(method: string, params: object = {}): Promise<unknown> {
    this.#last += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#last, answer);
    this.#socket.send(JSON.stringify({ id: this.#last, method, params }));
    return answer.promise;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #take({ id, result, error }: Answer): void {
    // Without a number it is an event, and none is asked for.
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(new Error(error.message));
  }
}
