/** A client that dies at a chosen write: nothing that its controllers ask for afterwards reaches the API server. */
import type { KubeObject } from '../../src/api/meta.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';

export interface CrashPoint {
  /** Counted from 1. Events are not counted: they are written in the background, and nothing depends on them. */
  readonly write: number;
  /** `before`: the write itself is lost. `after`: it is stored, and nobody hears of it. */
  readonly moment: 'before' | 'after';
  /** Only writes of these kinds are counted. Default: all. */
  readonly kinds?: readonly string[];
}

export interface CrashingClient {
  readonly client: KubeClient;
  /** Writes so far. */
  readonly writes: number;
  readonly crashed: Promise<void>;
}

export function crashingClient(inner: KubeClient, point: CrashPoint | undefined): CrashingClient {
  const death = new AbortController();
  const crashed = Promise.withResolvers<undefined>();
  let writes = 0;
  const gone = (): KubeError => new KubeError('KBK_KUBE_CONNECTION', 'this process is dead', { kind: 'retryable' });
  const crash = (): void => {
    death.abort(gone());
    crashed.resolve(undefined);
  };
  const read = async <T>(send: () => Promise<T>): Promise<T> => {
    if (death.signal.aborted) throw gone();
    return send();
  };
  const write = async <T>(kind: string, send: () => Promise<T>): Promise<T> => {
    if (death.signal.aborted) throw gone();
    const counts = kind !== 'Event' && point?.kinds?.includes(kind) !== false;
    if (!counts || ++writes !== point?.write) return send();
    if (point.moment === 'after') await send();
    crash();
    throw gone();
  };
  const client: KubeClient = {
    get: (...request) => read(() => inner.get(...request)),
    list: (...request) => read(() => inner.list(...request)),
    watch: (type, options) => {
      const { signal } = options;
      return inner.watch(type, { ...options, signal: AbortSignal.any([death.signal, ...(signal ? [signal] : [])]) });
    },
    create: <T extends KubeObject>(...request: Parameters<typeof inner.create<T>>) =>
      write(request[0].kind, () => inner.create(...request)),
    replace: <T extends KubeObject>(...request: Parameters<typeof inner.replace<T>>) =>
      write(request[0].kind, () => inner.replace(...request)),
    patch: <T extends KubeObject>(...request: Parameters<typeof inner.patch<T>>) =>
      write(request[0].kind, () => inner.patch(...request)),
    apply: <T extends KubeObject>(...request: Parameters<typeof inner.apply<T>>) =>
      write(request[0].kind, () => inner.apply(...request)),
    remove: (...request) => write(request[0].kind, () => inner.remove(...request)),
  };
  return {
    client,
    crashed: crashed.promise,
    get writes() {
      return writes;
    },
  };
}
