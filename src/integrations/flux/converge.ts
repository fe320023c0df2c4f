/** Brings one target to a version: writes one field, as the field manager of one Rollout, and nothing when it is right. */
import type { ManagedFieldsEntry } from '../../api/meta.ts';
import type { Tag } from '../../api/tag.ts';
import type { TargetObservation } from '../../core/observation.ts';
import { applyFields, rolloutFieldManager } from '../../kube/apply.ts';
import type { KubeClient } from '../../kube/client.ts';
import { ApiStatusError, isNotFound } from '../../kube/errors.ts';
import { Kustomization, SUBSTITUTE_PATH } from './kustomization.ts';
import { LEGACY_FIELD_MANAGER, withoutOwnership } from './managers.ts';
import { OCIRepository, REFERENCE_PATH } from './oci-repository.ts';

export interface ConvergeRequest {
  readonly client: KubeClient;
  readonly rolloutName: string;
  readonly namespace: string;
  readonly target: TargetObservation;
  readonly tag: Tag;
  readonly signal: AbortSignal;
}

/**
 * `unchanged`: the field was right already, or must not be written since two Rollouts claim it. `gone`: the object was
 * deleted after it was observed.
 */
export type ConvergeResult = 'unchanged' | 'applied' | 'gone';

/**
 * Idempotent. The value is forced: the Rollout owns the field, whoever wrote it last.
 * @throws KubeError when the API server refuses the write or does not answer.
 */
export async function convergeTarget(request: ConvergeRequest): Promise<ConvergeResult> {
  const { target, tag } = request;
  if (target.contested === true || (target.carries === tag && target.claimed)) return 'unchanged';
  try {
    await (target.kind === 'Kustomization' ? applyVariables(request) : applyTag(request));
    return 'applied';
  } catch (error) {
    if (isNotFound(error) || (await isGone(request, error))) return 'gone';
    throw error;
  }
}

/** Applying one field to an object that is not there would create it: the API server misses the required fields then. */
async function isGone({ client, target, namespace, signal }: ConvergeRequest, error: unknown): Promise<boolean> {
  if (!(error instanceof ApiStatusError) || error.status !== 422) return false;
  const type = target.kind === 'Kustomization' ? Kustomization : OCIRepository;
  try {
    await client.get(type, { namespace, name: target.name }, { signal });
    return false;
  } catch (missing) {
    if (isNotFound(missing)) return true;
    throw missing;
  }
}

async function applyVariables(request: ConvergeRequest): Promise<void> {
  const { target, tag } = request;
  const prefix = `${SUBSTITUTE_PATH.join('.')}.`;
  const variables = (target.together ?? [target.field]).map((field) => field.slice(prefix.length));
  const substitute = Object.fromEntries(variables.map((variable) => [variable, tag]));
  const paths = variables.map((variable) => [...SUBSTITUTE_PATH, variable]);
  await apply(request, Kustomization, { spec: { postBuild: { substitute } } }, paths);
}

async function applyTag(request: ConvergeRequest): Promise<void> {
  await apply(request, OCIRepository, { spec: { ref: { tag: request.tag } } }, [[...REFERENCE_PATH, 'tag']]);
}

async function apply(
  request: ConvergeRequest,
  type: typeof Kustomization | typeof OCIRepository,
  fields: Readonly<Record<string, unknown>>,
  paths: readonly (readonly string[])[],
): Promise<void> {
  const { client, rolloutName, namespace, target, signal } = request;
  const fieldManager = rolloutFieldManager(rolloutName);
  const key = { namespace, name: target.name };
  const applied = await applyFields(client, type, key, { fields, fieldManager, force: true, signal });
  await releaseLegacy(request, type, applied, paths);
}

/**
 * The Go controller's manager still co-owns the field after our apply: were it to apply again without the field, or
 * were its entry left for ever, ownership would be stranded. Just these fields leave its entry. Applying an empty set
 * under its name instead would delete the fields of other Rollouts that only it owns.
 */
async function releaseLegacy(
  { client, signal }: ConvergeRequest,
  type: typeof Kustomization | typeof OCIRepository,
  applied: Kustomization | OCIRepository,
  paths: readonly (readonly string[])[],
): Promise<void> {
  const { managedFields = [], resourceVersion, name, namespace = '' } = applied.metadata;
  const remaining = paths.reduce<readonly ManagedFieldsEntry[]>(
    (entries, path) => withoutOwnership(entries, LEGACY_FIELD_MANAGER, path) ?? entries,
    managedFields,
  );
  if (remaining === managedFields || resourceVersion === undefined) return;
  try {
    await client.patch(
      type,
      { namespace, name },
      {
        type: 'json',
        operations: [
          { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
          { op: 'replace', path: '/metadata/managedFields', value: remaining },
        ],
      },
      { signal },
    );
  } catch (error) {
    // Somebody wrote in between, which wakes the Rollout again: the next pass finishes the take-over.
    const isRace = error instanceof ApiStatusError && (error.status === 409 || error.status === 422);
    if (!isRace) throw error;
  }
}
