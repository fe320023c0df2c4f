/** Building, applying and pruning what a Kustomization holds. */
import Type from 'typebox';
import { FLUX_KUSTOMIZATION_NAME, FLUX_KUSTOMIZATION_NAMESPACE } from '../../api/annotations.ts';
import { parserFor } from '../../api/define-resource.ts';
import { InvalidObjectError } from '../../api/errors.ts';
import { type KubeObject, keyOf, ObjectMeta } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { KubeClient } from '../../kube/client.ts';
import { ApiStatusError, isNotFound, KubeError } from '../../kube/errors.ts';
import type { ArtifactFiles } from './artifact-store.ts';
import { Reason } from './conditions.ts';
import { describeItem, entryOf, type InventoryEntry, itemOf } from './inventory.ts';
import { KustomizationFault } from './kustomization-inputs.ts';
import { buildManifests, buildPath, hasPath } from './kustomize.ts';
import { BuildFault } from './kustomize-file.ts';
import { findLive, messageOf } from './requests.ts';
import { substituteManifest, type Variables } from './substitute.ts';
import type { Kustomization } from './types.ts';

/** How a kind is addressed; undefined when the server has no such kind. */
export type ResourceTypes = (
  apiVersion: string,
  kind: string,
  signal: AbortSignal,
) => Promise<ResourceType | undefined>;

export interface Cluster {
  readonly client: KubeClient;
  readonly resourceTypes: ResourceTypes;
}

/** Flux's field manager, of what is applied and of the status. */
export const KUSTOMIZE_CONTROLLER = 'kustomize-controller';
const RECONCILE = 'kustomize.toolkit.fluxcd.io/reconcile';
const PRUNE = 'kustomize.toolkit.fluxcd.io/prune';
/** Applied before everything else, since the rest may be of them or in them. */
const firstKinds = new Set(['CustomResourceDefinition', 'Namespace']);

const parseManifest = parserFor(
  'manifest',
  Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: ObjectMeta }),
);

/** @throws KustomizationFault */
export function buildObjects(files: ArtifactFiles, object: Kustomization, variables: Variables): KubeObject[] {
  const { spec } = object;
  const path = buildPath(spec.path);
  if (!hasPath(files, path)) {
    const text = `kustomization path not found: ${spec.path ?? ''} is not in the artifact`;
    throw new KustomizationFault(Reason.ArtifactFailed, text);
  }
  const unsupported = (['patches', 'components'] as const).find((field) => (spec[field] ?? []).length > 0);
  if (unsupported !== undefined) {
    throw new KustomizationFault(Reason.BuildFailed, `the sandbox does not build spec.${unsupported}`);
  }
  try {
    const { targetNamespace: namespace, namePrefix, nameSuffix, images } = spec;
    const manifests = buildManifests(files, path, { namespace, namePrefix, nameSuffix, images });
    const substitute = spec.postBuild !== undefined;
    return manifests
      .map((manifest) => parseManifest(substitute ? substituteManifest(manifest, variables) : manifest))
      .map((built) => withMetadata(built, object));
  } catch (error) {
    if (!(error instanceof BuildFault || error instanceof InvalidObjectError)) throw error;
    throw new KustomizationFault(Reason.BuildFailed, `kustomize build failed: ${error.message}`, 'failure', {
      cause: error,
    });
  }
}

function withMetadata(built: KubeObject, { spec, metadata }: Kustomization): KubeObject {
  const { labels, annotations } = spec.commonMetadata ?? {};
  const owner = {
    [FLUX_KUSTOMIZATION_NAME]: metadata.name,
    [FLUX_KUSTOMIZATION_NAMESPACE]: metadata.namespace ?? '',
  };
  return {
    ...built,
    metadata: {
      ...built.metadata,
      labels: { ...built.metadata.labels, ...labels, ...owner },
      ...(annotations === undefined ? {} : { annotations: { ...built.metadata.annotations, ...annotations } }),
    },
  };
}

/**
 * Applies everything, definitions first; returns the inventory of it.
 * @throws KustomizationFault at the first object that the server refuses
 */
export async function applyObjects(
  cluster: Cluster,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<InventoryEntry[]> {
  const staged = objects.toSorted((a, b) => Number(firstKinds.has(b.kind)) - Number(firstKinds.has(a.kind)));
  const entries: InventoryEntry[] = [];
  for (const object of staged) entries.push(await applyObject(cluster, object, signal));
  return entries.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function applyObject(
  { client, resourceTypes }: Cluster,
  object: KubeObject,
  signal: AbortSignal,
): Promise<InventoryEntry> {
  const { apiVersion, kind } = object;
  try {
    const type = await resourceTypes(apiVersion, kind, signal);
    if (type === undefined)
      throw failed(object, `dry-run failed: no matches for kind "${kind}" in version "${apiVersion}"`);
    const placed = type.namespaced ? object : withoutNamespace(object);
    if (type.namespaced && keyOf(object).namespace === '') {
      throw failed(object, 'namespace not specified: set spec.targetNamespace or the namespace of the manifest');
    }
    if (object.metadata.annotations?.[RECONCILE] !== 'disabled') {
      await client.apply(type, placed, { fieldManager: KUSTOMIZE_CONTROLLER, force: true, signal });
    }
    return entryOf(placed);
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const reason = error instanceof ApiStatusError ? ` (${error.reason})` : '';
    throw failed(object, `dry-run failed${reason}: ${error.message}`, error);
  }
}

function withoutNamespace(object: KubeObject): KubeObject {
  const metadata = { ...object.metadata };
  delete metadata.namespace;
  return { ...object, metadata };
}

function failed(object: KubeObject, fault: string, cause?: unknown): KustomizationFault {
  const text = `${describeItem({ kind: object.kind, key: keyOf(object) })} ${fault}`;
  return new KustomizationFault(Reason.ReconciliationFailed, text, 'failure', { cause });
}

export interface PruneResult {
  /** What could not be deleted: stays in the inventory, to be tried again. */
  readonly survivors: readonly InventoryEntry[];
  readonly fault: string | undefined;
}

/** Deletes what is no longer wanted and still belongs to this Kustomization. */
export async function pruneEntries(
  { client, resourceTypes }: Cluster,
  owner: Kustomization,
  stale: readonly InventoryEntry[],
  signal: AbortSignal,
): Promise<PruneResult> {
  const survivors: InventoryEntry[] = [];
  const faults: string[] = [];
  for (const entry of stale) {
    const item = itemOf(entry);
    if (item === undefined) continue;
    try {
      const type = await resourceTypes(item.apiVersion, item.kind, signal);
      const live = type === undefined ? undefined : await findLive(client, type, item.key, signal);
      if (type === undefined || live === undefined || !isPrunable(live, owner)) continue;
      const { uid } = live.metadata;
      await client.remove(type, item.key, {
        propagationPolicy: 'Background',
        signal,
        ...(uid === undefined ? {} : { uid }),
      });
    } catch (error) {
      if (isNotFound(error)) continue;
      if (!(error instanceof KubeError)) throw error;
      survivors.push(entry);
      faults.push(`${describeItem(item)} delete failed: ${messageOf(error)}`);
    }
  }
  return { survivors, fault: faults.length === 0 ? undefined : faults.join('; ') };
}

function isPrunable({ metadata }: KubeObject, owner: Kustomization): boolean {
  const { labels, annotations } = metadata;
  const owned =
    labels?.[FLUX_KUSTOMIZATION_NAME] === owner.metadata.name &&
    labels[FLUX_KUSTOMIZATION_NAMESPACE] === owner.metadata.namespace;
  return owned && ![PRUNE, RECONCILE].some((key) => annotations?.[key] === 'disabled' || labels[key] === 'disabled');
}
