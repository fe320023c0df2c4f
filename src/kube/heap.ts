/** A binary heap: the least element first, by the order given. */
export class Heap<E> {
  readonly #before: (a: E, b: E) => boolean;
  #elements: E[] = [];

  constructor(before: (a: E, b: E) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#elements.length;
  }

  peek(): E | undefined {
    return this.#elements[0];
  }

  push(element: E): void {
    const elements = this.#elements;
    let at = elements.length;
    elements.push(element);
    while (at > 0) {
      const up = (at - 1) >>> 1;
      const parent = elements[up];
      if (parent === undefined || !this.#before(element, parent)) break;
      elements[at] = parent;
      at = up;
    }
    elements[at] = element;
  }

  pop(): E | undefined {
    const elements = this.#elements;
    const first = elements[0];
    const last = elements.pop();
    if (last === undefined || elements.length === 0) return first;
    let at = 0;
    for (let down = 1; down < elements.length; down = 2 * at + 1) {
      let child = elements[down];
      const right = elements[down + 1];
      if (right !== undefined && child !== undefined && this.#before(right, child)) {
        child = right;
        down++;
      }
      if (child === undefined || !this.#before(child, last)) break;
      elements[at] = child;
      at = down;
    }
    elements[at] = last;
    return first;
  }

  clear(): void {
    this.#elements = [];
  }
}
