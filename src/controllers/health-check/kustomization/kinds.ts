/** What a kind is called in URLs: inventories name kinds, the API server wants plurals. */
import Type from 'typebox';
import { parserFor } from '../../../api/define-resource.ts';
import { ObjectMeta } from '../../../api/meta.ts';
import { groupOf } from '../../../api/resource-type.ts';
import type { Clock } from '../../../kube/clock.ts';
import type { Reader } from '../../../kube/reader.ts';

/** Lower-case plural of a kind. */
export type PluralOf = (apiVersion: string, kind: string) => Promise<string>;

const CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
  parse: parserFor(
    'CustomResourceDefinition',
    Type.Object({
      apiVersion: Type.String(),
      kind: Type.String(),
      metadata: ObjectMeta,
      spec: Type.Object({ group: Type.String(), names: Type.Object({ kind: Type.String(), plural: Type.String() }) }),
    }),
  ),
};

/** Groups without a dot, and those of Kubernetes itself, are not defined by custom resources. */
function isBuiltIn(group: string): boolean {
  return !group.includes('.') || (group.endsWith('.k8s.io') && builtInGroups.has(group));
}

const builtInGroups: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** The rule by which the API machinery itself guesses: https://pkg.go.dev/k8s.io/apimachinery/pkg/api/meta#UnsafeGuessKindToResource */
export function guessPlural(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular.endsWith('endpoints')) return singular;
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

const rereadSeconds = 60;

/**
 * Custom kinds are looked up among the CustomResourceDefinitions, which are read once, and again for an unknown kind
 * at most once a minute. Kinds of Kubernetes and of aggregated API servers follow the guessing rule.
 */
export function createPluralOf(live: Reader, clock: Clock): PluralOf {
  let known: ReadonlyMap<string, string> = new Map();
  let readAt: Temporal.Instant | undefined;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    const definitions = await live.list(CustomResourceDefinition);
    known = new Map(definitions.map(({ spec }) => [`${spec.group}/${spec.names.kind}`, spec.names.plural]));
    readAt = clock.now();
  };
  return async (apiVersion, kind) => {
    const group = groupOf({ apiVersion });
    if (isBuiltIn(group)) return guessPlural(kind);
    const name = `${group}/${kind}`;
    const isRecent =
      readAt !== undefined && Temporal.Instant.compare(clock.now(), readAt.add({ seconds: rereadSeconds })) < 0;
    if (!known.has(name) && !isRecent) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      await reading;
    }
    return known.get(name) ?? guessPlural(kind);
  };
}
