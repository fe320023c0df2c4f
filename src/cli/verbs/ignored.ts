/** Why a request was dropped: the event that the controller writes about it. */
import Type from 'typebox';
import { parserFor } from '../../api/define-resource.ts';
import { ObjectMeta } from '../../api/meta.ts';
import type { Rollout } from '../../api/rollout.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { KubeError } from '../../kube/errors.ts';
import { createLiveReader } from '../../kube/live-reader.ts';
import { readInstant } from '../age.ts';

/** core/v1 Event, as far as it is read here. */
const CoreEvent = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  parse: parserFor(
    'Event',
    Type.Object({
      apiVersion: Type.String(),
      kind: Type.String(),
      metadata: ObjectMeta,
      involvedObject: Type.Object({ uid: Type.Optional(Type.String()) }),
      reason: Type.Optional(Type.String()),
      message: Type.Optional(Type.String()),
      lastTimestamp: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  ),
};

/** Events are sent in the background, after the request is gone. */
const tries = 10;
const pause = 300;
/** Clocks of two machines, and whole seconds. */
const tolerance = { seconds: 10 };

/** Undefined when no event says so: events are for people, and need not be there. */
export async function ignoredBecause(
  client: KubeClient,
  clock: Clock,
  { metadata }: Rollout,
  since: Temporal.Instant,
  signal: AbortSignal,
): Promise<string | undefined> {
  const earliest = since.subtract(tolerance);
  for (let attempt = 0; attempt < tries; attempt++) {
    const events = await readEvents(client, metadata.namespace ?? '');
    const own = events
      .filter(({ involvedObject, reason }) => involvedObject.uid === metadata.uid && reason === 'RequestIgnored')
      .map(({ message, lastTimestamp }) => ({ message, at: readInstant(lastTimestamp) }))
      .filter(({ at }) => at !== undefined && Temporal.Instant.compare(at, earliest) >= 0)
      .sort((one, other) => (one.at?.epochMilliseconds ?? 0) - (other.at?.epochMilliseconds ?? 0));
    const found = own.at(-1)?.message;
    if (found !== undefined) return found;
    await clock.sleep(pause, signal);
  }
  return undefined;
}

async function readEvents(client: KubeClient, namespace: string) {
  try {
    return await createLiveReader(client).list(CoreEvent, { namespace });
  } catch (error) {
    if (error instanceof KubeError) return [];
    throw error;
  }
}
