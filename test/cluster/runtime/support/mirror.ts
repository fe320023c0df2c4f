/** An informer with a subscriber that keeps its own copy from what it is told, and notes whatever does not follow. */
import { expect } from 'vitest';
import { keyText } from '../../../../src/api/meta.ts';
import type { KubeClient } from '../../../../src/kube/client.ts';
import { systemClock } from '../../../../src/kube/clock.ts';
import type { Informer } from '../../../../src/kube/informer.ts';
import { Informers } from '../../../../src/kube/informers.ts';
import { createLiveReader } from '../../../../src/kube/live-reader.ts';
import type { StoreChange } from '../../../../src/kube/store.ts';
import { eventually } from '../../../support/eventually.ts';
import { ConfigMap } from './settings.ts';

export class Mirror implements AsyncDisposable {
  readonly informer: Informer<ConfigMap>;
  /** What the subscriber was told that cannot follow from what it was told before. */
  readonly contradictions: string[] = [];
  readonly #informers: Informers;
  readonly #namespace: string;
  readonly #copy = new Map<string, ConfigMap>();
  readonly #values = new Map<string, string[]>();
  #told = 0;

  constructor(client: KubeClient, namespace: string) {
    this.#namespace = namespace;
    this.#informers = new Informers({ client, clock: systemClock, namespaces: [namespace] });
    this.informer = this.#informers.acquire(ConfigMap).informer;
    this.informer.subscribe((told) => {
      this.#take(told);
    });
  }

  /** Changes that the subscriber was told of. */
  get told(): number {
    return this.#told;
  }

  /** Every value of an object that the subscriber was told of, oldest first; `-` for its deletion. */
  values(name: string): readonly string[] {
    return this.#values.get(`${this.#namespace}/${name}`) ?? [];
  }

  /** Waits until the store and the subscriber's copy are what the API server has, and all that was told follows. */
  async converges(admin: KubeClient, timeout = 60_000): Promise<void> {
    const state = (objects: Iterable<ConfigMap>): string[] =>
      [...objects].map(({ metadata }) => `${metadata.name} ${metadata.uid ?? ''} ${metadata.resourceVersion ?? ''}`);
    await eventually(
      async () => {
        const there = state(await createLiveReader(admin).list(ConfigMap, { namespace: this.#namespace }));
        expect(state(this.informer.list())).toEqual(there);
        expect(state(this.#copy.values()).toSorted()).toEqual(there.toSorted());
      },
      timeout,
      200,
    );
    expect(this.contradictions).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#informers.stop();
  }

  #take({ key, current, previous }: StoreChange<ConfigMap>): void {
    const id = keyText(key);
    const known = this.#copy.get(id)?.metadata.resourceVersion;
    this.#told += 1;
    if (known !== previous?.metadata.resourceVersion)
      this.contradictions.push(
        `${id}: after ${known ?? 'nothing'} it was told of a change from ${previous?.metadata.resourceVersion ?? 'nothing'}`,
      );
    if (current === undefined && known === undefined) this.contradictions.push(`${id}: deleted twice`);
    if (current !== undefined && current.metadata.resourceVersion === known)
      this.contradictions.push(`${id}: told twice of ${known ?? ''}`);
    if (current === undefined) this.#copy.delete(id);
    else this.#copy.set(id, current);
    const values = this.#values.get(id) ?? [];
    values.push(current === undefined ? '-' : (current.data?.value ?? ''));
    this.#values.set(id, values);
  }
}
