/** Looks at a Rollout as the controller does, for commands that decide nothing: explain and forecast. */
import type { ObjectKey } from '../api/meta.ts';
import { type FailurePolicy, Rollout } from '../api/rollout.ts';
import type { Tag } from '../api/tag.ts';
import type { ObserveOptions } from '../controllers/rollout/observe.ts';
import { TargetFaults } from '../controllers/rollout/target-faults.ts';
import { createReleaseMemory } from '../integrations/flux/release-memory.ts';
import type { KubeClient } from '../kube/client.ts';
import { createLiveReader } from '../kube/live-reader.ts';
import type { Reader } from '../kube/reader.ts';
import { createRegistry } from '../oci/registry-client.ts';
import type { CliContext } from './context.ts';
import { servedImageVersion } from './image-version.ts';
import { createLenientReader } from './lenient-reader.ts';

/** What a controller has that was started without `--default-failure-policy`. */
const shippedFailurePolicy: FailurePolicy = 'Rollback';

export interface Looked<T> {
  readonly seen: T;
  readonly reader: Reader;
  /** What could not be read, for people. */
  readonly unread: readonly string[];
}

/** @param considered versions that the person names, and that the registry is asked about */
export async function lookAsController<T>(
  { clock, signal }: Pick<CliContext, 'clock' | 'signal'>,
  client: KubeClient,
  key: ObjectKey,
  considered: readonly Tag[],
  observe: (options: ObserveOptions, faults: TargetFaults, rollout: Rollout, signal: AbortSignal) => Promise<T>,
): Promise<Looked<T>> {
  const rollout = await client.get(Rollout, key, { signal });
  const live = createLiveReader(client);
  const { reader, unread } = createLenientReader(live);
  await using registry = createRegistry({ clock });
  const options = {
    reader,
    live,
    registry,
    memory: createReleaseMemory(),
    clock,
    defaultFailurePolicy: shippedFailurePolicy,
    imageVersion: await servedImageVersion(client, signal, key.namespace),
    considered,
  };
  const seen = await observe(options, new TargetFaults(), rollout, signal);
  return { seen, reader, unread: unread() };
}
