/** Which Flux objects carry the version of a Rollout, and what they carry now. */
import { OCI_REPOSITORY_ROLLOUT, substituteVariable } from '../../api/annotations.ts';
import { instantOf } from '../../api/instant.ts';
import { keyOf, keyText, type ObjectKey } from '../../api/meta.ts';
import type { Rollout } from '../../api/rollout.ts';
import { isTag, type Tag } from '../../api/tag.ts';
import type { Fault, TargetObservation } from '../../core/observation.ts';
import { rolloutFieldManager } from '../../kube/apply.ts';
import type { Reader } from '../../kube/reader.ts';
import { kustomizationProgress, sourceProgress } from './failure.ts';
import { describeObject } from './foreign.ts';
import { Kustomization, SUBSTITUTE_PATH } from './kustomization.ts';
import { LEGACY_FIELD_MANAGER } from './managers.ts';
import { OCIRepository, REFERENCE_PATH } from './oci-repository.ts';
import { isSourceOf, kustomizationsFedBy } from './sources.ts';
import { kustomizationWait, sourceWaits } from './wait.ts';

/** Field of an OCIRepository target. */
const TAG_FIELD = [...REFERENCE_PATH, 'tag'].join('.');

/** Field of a Kustomization target. */
function substituteField(variable: string): string {
  return [...SUBSTITUTE_PATH, variable].join('.');
}

/** The Rollouts that an annotation names. More than one is a mistake: a field can carry one version. */
function namedRollouts(annotation: string): readonly string[] {
  return annotation
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Variables of a Kustomization that a Rollout fills, sorted, with the annotation that says so. */
export function substitutedVariables(
  kustomization: Pick<Kustomization, 'metadata'>,
  rolloutName: string,
): readonly { readonly variable: string; readonly annotation: string }[] {
  return Object.entries(kustomization.metadata.annotations ?? {})
    .flatMap(([key, annotation]) => {
      const variable = substituteVariable(key);
      return variable !== undefined && namedRollouts(annotation).includes(rolloutName)
        ? [{ variable, annotation }]
        : [];
    })
    .sort((a, b) => (a.variable < b.variable ? -1 : 1));
}

/** Whether the tag of an OCIRepository is this Rollout's. */
export function isFedBy(repository: Pick<OCIRepository, 'metadata'>, rolloutName: string): boolean {
  return namedRollouts(repository.metadata.annotations?.[OCI_REPOSITORY_ROLLOUT] ?? '').includes(rolloutName);
}

/** The Rollouts that any annotation of an object names; they are in its own namespace. */
export function rolloutsOf({ metadata }: Kustomization | OCIRepository): readonly ObjectKey[] {
  const { annotations = {}, namespace = '' } = metadata;
  const named = Object.entries(annotations)
    .filter(([key]) => key === OCI_REPOSITORY_ROLLOUT || substituteVariable(key) !== undefined)
    .flatMap(([, annotation]) => namedRollouts(annotation));
  return [...new Set(named)].map((name) => ({ namespace, name }));
}

const byRollout = {
  name: 'rollout',
  valuesOf: (target: Kustomization | OCIRepository) => rolloutsOf(target).map(keyText),
};

export interface Targets {
  readonly kustomizations: readonly Kustomization[];
  readonly repositories: readonly OCIRepository[];
}

/** The objects that carry the version of a Rollout; those under deletion are left out. */
export async function targetsOf(reader: Reader, rollout: Rollout): Promise<Targets> {
  const { name, namespace = '' } = rollout.metadata;
  const value = keyText(keyOf(rollout));
  const [kustomizations, repositories] = await Promise.all([
    reader.find(Kustomization, { index: byRollout, value, namespace }),
    reader.find(OCIRepository, { index: byRollout, value, namespace }),
  ]);
  return {
    kustomizations: kustomizations.filter(isLiving),
    repositories: repositories.filter((object) => isLiving(object) && isFedBy(object, name)),
  };
}

/** By kind, name and field. */
export async function observeTargets(reader: Reader, rollout: Rollout): Promise<readonly TargetObservation[]> {
  const { name, namespace = '' } = rollout.metadata;
  const { kustomizations, repositories } = await targetsOf(reader, rollout);
  const sources = await Promise.all(
    repositories.map(async (object) =>
      source(object, name, await kustomizationsFedBy(reader, keyOf(object), namespace)),
    ),
  );
  return [...kustomizations.flatMap((kustomization) => substitutions(kustomization, rollout)), ...sources];
}

function isLiving({ metadata }: { readonly metadata: { readonly deletionTimestamp?: string } }): boolean {
  return metadata.deletionTimestamp === undefined;
}

function substitutions(kustomization: Kustomization, { metadata, status }: Rollout): TargetObservation[] {
  const rolloutName = metadata.name;
  const variables = substitutedVariables(kustomization, rolloutName);
  const own = variables.filter(({ annotation }) => namedRollouts(annotation).length === 1);
  const together = own.map(({ variable }) => substituteField(variable));
  const wait = kustomizationWait(kustomization);
  const progress = kustomizationProgress(kustomization, instantOf(status?.history?.[0]?.timestamp));
  return variables.map(({ variable, annotation }) => {
    const field = substituteField(variable);
    const target = { kind: 'Kustomization', name: kustomization.metadata.name, field } as const;
    const fault = ambiguity(describe(Kustomization, kustomization), annotation);
    if (fault !== undefined) return { ...target, carries: undefined, claimed: false, contested: true, fault };
    return {
      ...target,
      together,
      carries: tagOf(kustomization.spec.postBuild?.substitute?.[variable]),
      claimed: isClaimed(kustomization.managers?.[variable], rolloutName),
      ...(wait !== undefined && { waits: [wait] }),
      ...progress,
    };
  });
}

function source(
  repository: OCIRepository,
  rolloutName: string,
  kustomizations: readonly Kustomization[],
): TargetObservation {
  const { ref } = repository.spec;
  const described = describe(OCIRepository, repository);
  const target = { kind: 'OCIRepository', name: repository.metadata.name, field: TAG_FIELD } as const;
  const ambiguous = ambiguity(described, repository.metadata.annotations?.[OCI_REPOSITORY_ROLLOUT] ?? '');
  if (ambiguous !== undefined)
    return { ...target, carries: undefined, claimed: false, contested: true, fault: ambiguous };
  const fault = outranked(described, ref);
  const waits = sourceWaits(repository, kustomizations);
  return {
    ...target,
    carries: tagOf(ref?.tag),
    claimed: isClaimed(repository.managers?.tag, rolloutName),
    ...(waits.length > 0 && { waits }),
    ...sourceProgress(
      repository,
      kustomizations.filter((kustomization) => isSourceOf(repository, kustomization)),
    ),
    ...(fault !== undefined && { fault }),
  };
}

/** Flux takes the digest before the semver range before the tag: https://fluxcd.io/flux/components/source/ocirepositories/#reference */
function outranked(described: string, ref: OCIRepository['spec']['ref']): Fault | undefined {
  const field = isSet(ref?.digest) ? 'digest' : isSet(ref?.semver) ? 'semver' : undefined;
  if (field === undefined) return undefined;
  return {
    reason: 'TargetOutranked',
    message: `${described}: spec.ref.${field} outranks spec.ref.tag, so the Rollout's version has no effect: remove spec.ref.${field}`,
  };
}

function ambiguity(described: string, annotation: string): Fault | undefined {
  const names = namedRollouts(annotation);
  if (names.length < 2) return undefined;
  return {
    reason: 'TargetFailed',
    message: `${described}: one field cannot carry the versions of ${names.join(' and ')}: name one Rollout in the annotation`,
  };
}

function isClaimed(managers: readonly string[] | undefined, rolloutName: string): boolean {
  if (managers === undefined) return false;
  return managers.includes(rolloutFieldManager(rolloutName)) && !managers.includes(LEGACY_FIELD_MANAGER);
}

function describe(
  type: { readonly apiVersion: string; readonly kind: string },
  { metadata }: Kustomization | OCIRepository,
): string {
  return describeObject(type, metadata.namespace ?? '', metadata.name);
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

function tagOf(text: string | null | undefined): Tag | undefined {
  return typeof text === 'string' && isTag(text) ? text : undefined;
}
