/** A watch that is read while a sequence goes on. */
import type { Dispatcher } from 'undici';
import { isObject, type Json, objectOf, objects } from '../../../src/sandbox/apiserver/json.ts';

export class OpenWatch {
  /** Without bookmarks, but for the one that ends the state: when others come is a matter of time. */
  readonly events: Json[] = [];
  readonly #body: Dispatcher.ResponseData['body'];
  #ended = false;

  constructor(body: Dispatcher.ResponseData['body']) {
    this.#body = body;
    void this.#read();
  }

  /** By the server. */
  get ended(): boolean {
    return this.#ended;
  }

  close(): void {
    this.#body.destroy();
  }

  async #read(): Promise<void> {
    let rest = '';
    try {
      for await (const chunk of this.#body.setEncoding('utf8')) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') this.#take(JSON.parse(line));
      }
    } catch {
      // It was closed.
    }
    this.#ended = true;
  }

  #take(event: unknown): void {
    if (!isObject(event)) throw new Error(`a watch said ${JSON.stringify(event)}`);
    const [row] = objects(objectOf(event.object).rows);
    const { annotations } = objectOf(objectOf(row?.object ?? event.object).metadata);
    if (event.type !== 'BOOKMARK' || annotations !== undefined) this.events.push(event);
  }
}
