/**
 * What a Flux Receiver does when a registry calls its webhook: asks the objects of a repository to look at once. Their
 * interval stays as the fallback.
 */
import { type KubeObject, keyOf } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Reader } from '../../kube/reader.ts';
import { OciError } from '../../oci/errors.ts';
import { formatReference, parseReference } from '../../oci/reference.ts';
import { RECONCILE_REQUEST } from './requests.ts';
import { ImageRepository, OCIRepository } from './types.ts';

/** Calls the listener with `host/repository` after each push; the result ends it. */
export type PushSource = (listener: (repository: string) => void) => Disposable;

export interface ReceiverOptions {
  readonly client: KubeClient;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly pushes: PushSource;
  /** What could not be asked; the objects' own intervals go on. */
  readonly onError: (error: unknown) => void;
}

export interface Receiver extends AsyncDisposable {
  /** Resolves when every push so far has been passed on. */
  settled(): Promise<void>;
}

export function startReceiver({ client, reader, clock, pushes, onError }: ReceiverOptions): Receiver {
  // Pushes of one repository that arrive while one is being passed on are one.
  const waiting = new Set<string>();
  const stop = new AbortController();
  let count = 0;
  let running = Promise.resolve();

  const ask = async (type: ResourceType, object: KubeObject): Promise<void> => {
    const body = { metadata: { annotations: { [RECONCILE_REQUEST]: `${clock.now().toString()}-${count++}` } } };
    try {
      await client.patch(type, keyOf(object), { type: 'merge', body }, { signal: stop.signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  const passOn = async (repository: string): Promise<void> => {
    waiting.delete(repository);
    for (const object of await reader.list(ImageRepository)) {
      if (nameOf(object.spec.image) === repository) await ask(ImageRepository, object);
    }
    for (const object of await reader.list(OCIRepository)) {
      if (nameOf(object.spec.url) === repository) await ask(OCIRepository, object);
    }
  };

  const subscription = pushes((pushed) => {
    const repository = nameOf(pushed);
    if (repository === undefined || waiting.has(repository)) return;
    waiting.add(repository);
    running = running
      .then(() => passOn(repository))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) onError(error);
      });
  });
  return {
    settled: () => running,
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]();
      stop.abort();
      await running;
    },
  };
}

function nameOf(text: string): string | undefined {
  try {
    const { registry, repository } = parseReference(text);
    return formatReference({ registry, repository });
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}
