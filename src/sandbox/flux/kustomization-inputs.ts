/** What a Kustomization is built from: its source, the Kustomizations it waits for, its variables. */
import Type from 'typebox';
import { parserFor } from '../../api/define-resource.ts';
import { formatDuration } from '../../api/duration.ts';
import { keyText, ObjectMeta } from '../../api/meta.ts';
import type { KubeClient } from '../../kube/client.ts';
import { Reason } from './conditions.ts';
import { findLive } from './requests.ts';
import type { Variables } from './substitute.ts';
import { type Artifact, Kustomization, OCIRepository } from './types.ts';

/** A reconcile that ends not ready: the reason, and whether it is tried again as a failure or as a dependency. */
export class KustomizationFault extends Error {
  override readonly name = 'KustomizationFault';
  readonly reason: Reason;
  readonly retry: 'failure' | 'dependency';

  constructor(reason: Reason, message: string, retry: 'failure' | 'dependency' = 'failure', options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.retry = retry;
  }
}

const strings = Type.Optional(Type.Record(Type.String(), Type.String()));

function dataType(kind: string, plural: string) {
  const schema = Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: ObjectMeta, data: strings });
  return { apiVersion: 'v1', kind, plural, namespaced: true, parse: parserFor(kind, schema) };
}
const ConfigMap = dataType('ConfigMap', 'configmaps');
const Secret = dataType('Secret', 'secrets');

/** Undefined while the source is not there or has nothing yet. */
export async function artifactOf(
  client: KubeClient,
  object: Kustomization,
  signal: AbortSignal,
): Promise<Artifact | undefined> {
  const source = await findLive(client, OCIRepository, sourceKey(object), signal);
  return source?.status?.artifact;
}

export function sourceKey({ spec, metadata }: Kustomization) {
  return { namespace: spec.sourceRef.namespace ?? metadata.namespace ?? '', name: spec.sourceRef.name };
}

/** @throws KustomizationFault while there is no artifact to build */
export async function requireArtifact(
  client: KubeClient,
  object: Kustomization,
  wait: Temporal.Duration,
  signal: AbortSignal,
): Promise<Artifact> {
  const { kind, name } = object.spec.sourceRef;
  if (kind !== 'OCIRepository') {
    const text = `source \`${name}\` kind '${kind}' not supported: the sandbox has OCIRepository only`;
    throw new KustomizationFault(Reason.ArtifactFailed, text);
  }
  const source = await findLive(client, OCIRepository, sourceKey(object), signal);
  if (source === undefined) {
    const text = `ocirepositories.source.toolkit.fluxcd.io "${name}" not found`;
    throw new KustomizationFault(Reason.ArtifactFailed, text);
  }
  const artifact = source.status?.artifact;
  if (artifact !== undefined) return artifact;
  const text = `Source artifact not found, retrying in ${formatDuration(wait)}`;
  throw new KustomizationFault(Reason.ArtifactFailed, text, 'dependency');
}

/** @throws KustomizationFault unless every Kustomization of `spec.dependsOn` is ready, at this revision if it shares it */
export async function checkDependencies(
  client: KubeClient,
  object: Kustomization,
  revision: string,
  signal: AbortSignal,
): Promise<void> {
  for (const { name, namespace = object.metadata.namespace ?? '' } of object.spec.dependsOn ?? []) {
    const key = { namespace, name };
    const dependency = await findLive(client, Kustomization, key, signal);
    const fault = dependency === undefined ? 'not found' : dependencyFault(dependency, object, revision);
    if (fault === undefined) continue;
    throw new KustomizationFault(Reason.DependencyNotReady, `dependency '${keyText(key)}' ${fault}`, 'dependency');
  }
}

function dependencyFault(dependency: Kustomization, object: Kustomization, revision: string): string | undefined {
  const { status, metadata } = dependency;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (metadata.generation !== status?.observedGeneration || ready?.status !== 'True') return 'is not ready';
  const shared = keyText(sourceKey(dependency)) === keyText(sourceKey(object));
  return shared && status?.lastAppliedRevision !== revision ? 'revision is not up to date' : undefined;
}

/** `substituteFrom` in order, then `substitute`; line breaks are taken out, as Flux does. */
export async function loadVariables(
  client: KubeClient,
  { spec, metadata }: Kustomization,
  signal: AbortSignal,
): Promise<Variables> {
  const variables = new Map<string, string>();
  for (const { kind, name, optional } of spec.postBuild?.substituteFrom ?? []) {
    const type = kind === 'Secret' ? Secret : ConfigMap;
    const found = await findLive(client, type, { namespace: metadata.namespace ?? '', name }, signal);
    if (found === undefined && optional !== true) {
      const text = `post build failed: substitute from '${kind}/${name}' error: not found`;
      throw new KustomizationFault(Reason.BuildFailed, text);
    }
    for (const [variable, value] of Object.entries(found?.data ?? {})) {
      const plain = kind === 'Secret' ? Buffer.from(value, 'base64').toString('utf8') : value;
      variables.set(variable, plain.replaceAll('\n', ''));
    }
  }
  for (const [variable, value] of Object.entries(spec.postBuild?.substitute ?? {})) {
    variables.set(variable, value.replaceAll('\n', ''));
  }
  return variables;
}
