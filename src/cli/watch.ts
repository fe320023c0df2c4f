/** A list, and then each change of it: what `-w` follows. */

import { InvalidObjectError } from '../api/errors.ts';
import { isRecord } from '../api/json.ts';
import type { KubeObject } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { KubeClient } from '../kube/client.ts';
import { isExpired } from '../kube/errors.ts';
import type { CliContext } from './context.ts';

export interface Selection<T extends KubeObject> {
  readonly type: ResourceType<T>;
  /** Empty: every namespace. */
  readonly namespace: string;
  /** Undefined: all of them. */
  readonly name: string | undefined;
}

export interface Batch<T> {
  readonly objects: readonly T[];
  /** What is wrong with the objects that do not fit their schema. */
  readonly unreadable: readonly string[];
  /** Whether it was deleted: then it is as it was last. Absent: no. */
  readonly gone?: boolean;
}

/** Between two watches, so that a server that closes at once is not asked in a loop. */
const pause = 1000;

/**
 * Yields the list, and with `watch` every change after it, until the context's signal is aborted (it may reject then).
 * A watch that the server closed is opened again where it ended, or from a new list when that is too long ago.
 */
export async function* listAndWatch<T extends KubeObject>(
  client: Pick<KubeClient, 'list' | 'watch'>,
  { signal, clock }: Pick<CliContext, 'signal' | 'clock'>,
  { type, namespace, name }: Selection<T>,
  watch: boolean,
): AsyncGenerator<Batch<T>, void, undefined> {
  const where = { namespace, signal, ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }) };
  let resourceVersion: string | undefined;
  while (!signal.aborted) {
    if (resourceVersion === undefined) {
      const page = await client.list(type, where);
      yield parseAll(type, page.items);
      resourceVersion = page.resourceVersion;
    }
    if (!watch) return;
    try {
      for await (const { type: change, object } of client.watch(type, { ...where, resourceVersion })) {
        resourceVersion = versionOf(object) ?? resourceVersion;
        if (change !== 'BOOKMARK') yield { ...parseAll(type, [object]), gone: change === 'DELETED' };
      }
    } catch (error) {
      if (!isExpired(error)) throw error;
      resourceVersion = undefined;
    }
    await clock.sleep(pause, signal).catch(() => undefined);
  }
}

/** Of any object, even of a bookmark, which is nothing but this. */
function versionOf(object: unknown): string | undefined {
  const metadata = isRecord(object) ? object.metadata : undefined;
  const version = isRecord(metadata) ? metadata.resourceVersion : undefined;
  return typeof version === 'string' ? version : undefined;
}

function parseAll<T extends KubeObject>(type: ResourceType<T>, items: readonly unknown[]): Batch<T> {
  const objects: T[] = [];
  const unreadable: string[] = [];
  for (const item of items) {
    try {
      objects.push(type.parse(item));
    } catch (error) {
      if (!(error instanceof InvalidObjectError)) throw error;
      unreadable.push(error.message);
    }
  }
  return { objects, unreadable };
}
