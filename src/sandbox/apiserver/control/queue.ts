/**
 * `control` is what the server does by itself after a write: garbage, namespaces, definitions. This queue runs it when
 * the write's own call has ended: one thing after the other, never inside a listener.
 */

export class WorkQueue {
  readonly #waiting: (() => void)[] = [];
  #scheduled = false;
  #closed = false;

  add(work: () => void): void {
    if (this.#closed) return;
    this.#waiting.push(work);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#drain();
    });
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
  }

  // Ends, because work removes objects and references, and adds no more than one object to a namespace that stays.
  #drain(): void {
    this.#scheduled = false;
    for (let work = this.#waiting.shift(); work !== undefined; work = this.#waiting.shift()) work();
  }
}
