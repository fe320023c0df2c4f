/** Writes a status as a merge patch of what changed: no lock to lose, nothing sent when nothing changed. */
import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../api/json.ts';
import { type KubeObject, keyOf } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';

type Fields = Readonly<Record<string, unknown>>;

/** RFC 7386 patch that turns `before` into `after`; undefined when they are equal. Absent and `undefined` are the same. */
export function mergePatchOf(before: Fields, after: Fields): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[key];
    const wanted = after[key];
    if (isDeepStrictEqual(old, wanted)) continue;
    const inner = isRecord(old) && isRecord(wanted) ? mergePatchOf(old, wanted) : (wanted ?? null);
    if (inner !== undefined) patch[key] = inner;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/**
 * Flux's serial patcher: remembers what it wrote last. Conditions go first and the other fields in a second request,
 * so for one write a new condition stands beside the old `observedGeneration`, as with the real controllers.
 */
export class StatusPatcher {
  readonly #client: KubeClient;
  readonly #type: ResourceType;
  readonly #object: KubeObject;
  readonly #manager: string;
  #written: Fields;

  constructor(client: KubeClient, type: ResourceType, object: KubeObject, manager: string) {
    this.#client = client;
    this.#type = type;
    this.#object = object;
    this.#manager = manager;
    this.#written = isRecord(object.status) ? object.status : {};
  }

  async write(status: Fields, signal: AbortSignal): Promise<void> {
    const patch = mergePatchOf(this.#written, status);
    this.#written = status;
    if (patch === undefined) return;
    const { conditions, ...rest } = patch;
    if (conditions !== undefined) await this.#send({ conditions }, signal);
    if (Object.keys(rest).length > 0) await this.#send(rest, signal);
  }

  async #send(status: Fields, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.patch(
        this.#type,
        keyOf(this.#object),
        { type: 'merge', body: { status } },
        { subresource: 'status', fieldManager: this.#manager, signal },
      );
    } catch (error) {
      // Deleted meanwhile: nobody is left to read it.
      if (!isNotFound(error)) throw error;
    }
  }
}
