/**
 * `migration` is a cluster that the Go controllers ran until now. This file is what they leave in it, written under their
 * name, to definitions of their shape: the API server drops whatever upstream does not know.
 */

import { crdObjects } from '../../../src/api/crds.ts';
import { type CustomResourceDefinition } from '../../../src/api/generate/crd.ts';
import type { StructuralSchema } from '../../../src/api/generate/structural-schema.ts';
import { LEGACY_FIELD_MANAGER } from '../../../src/integrations/flux/managers.ts';
import { systemClock } from '../../../src/kube/clock.ts';
import { createKubeClient, type HttpKubeClient } from '../../../src/kube/http-client.ts';
import { clusterAt } from '../control-plane/cluster.ts';
import type { Connection } from '../control-plane/control-plane.ts';

/** The API server takes the first word of a user agent for the field manager of updates. */
export function upstreamClient({ server, caFile }: Connection): HttpKubeClient {
  const userAgent = `${LEGACY_FIELD_MANAGER}/v0.8.0`;
  return createKubeClient({ cluster: clusterAt(server, caFile), clock: systemClock, userAgent });
}

/** What we added to upstream's kinds, as dotted paths below the schema of a kind; `[]` is an item of a list. */
const added: Readonly<Record<string, readonly string[]>> = {
  Rollout: [
    'spec.failurePolicy',
    'spec.releaseUpdateInterval',
    'spec.releasesImagePolicy.wantedVersion',
    'spec.healthCheckSelector.matchLabels',
    'spec.healthCheckSelector.matchExpressions',
    'status.history.[].trigger',
    'status.history.[].resumeAfter',
    'status.history.[].rollbackOf',
    'status.rejectedReleases',
    'status.consumedAnnotations',
  ],
  HealthCheck: ['status.observedRevision', 'status.conditions'],
  RolloutGate: [],
};

/** The definitions of v0.8, which know nothing of ours and check less. */
export function definitions(): readonly CustomResourceDefinition[] {
  return crdObjects()
    .filter(({ spec }) => spec.names.kind in added)
    .map((definition) => withSchema(definition, (schema) => without(schema, added[definition.spec.names.kind] ?? [])));
}

/** Those of v0.3, when a version was a plain string. */
export function oldestDefinitions(): readonly CustomResourceDefinition[] {
  const plain = { type: 'string', description: 'A tag.' };
  return definitions().map((definition) =>
    withSchema(definition, (schema) => {
      const status = schema.properties?.status;
      const history = status?.properties?.history;
      if (status?.properties === undefined || history?.items?.properties === undefined) return schema;
      history.items.properties.version = plain;
      for (const list of ['availableReleases', 'releaseCandidates', 'gatedReleaseCandidates']) {
        status.properties[list] = { type: 'array', items: plain };
      }
      return schema;
    }),
  );
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Node = Mutable<Omit<StructuralSchema, 'properties' | 'items'>> & {
  properties?: Record<string, Node>;
  items?: Node;
};

function withSchema(definition: CustomResourceDefinition, change: (schema: Node) => Node): CustomResourceDefinition {
  const copy = structuredClone(definition);
  const versions = copy.spec.versions.map((version) => ({
    ...version,
    schema: { openAPIV3Schema: change(version.schema.openAPIV3Schema as Node) },
  }));
  return { ...copy, spec: { ...copy.spec, versions } };
}

function without(schema: Node, paths: readonly string[]): Node {
  for (const path of paths) {
    const segments = path.split('.');
    const last = segments.pop() ?? '';
    const parent = segments.reduce<Node | undefined>(
      (node, segment) => (segment === '[]' ? node?.items : node?.properties?.[segment]),
      schema,
    );
    if (parent?.properties !== undefined) Reflect.deleteProperty(parent.properties, last);
  }
  relax(schema);
  return schema;
}

/** Upstream's versions have no pattern, and it has no rules. */
function relax(node: Node): void {
  Reflect.deleteProperty(node, 'x-kubernetes-validations');
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    if (name === 'tag' || name === 'digest' || name === 'wantedVersion') {
      for (const rule of ['pattern', 'maxLength', 'minLength']) Reflect.deleteProperty(child, rule);
    }
    relax(child);
  }
  if (node.items !== undefined) relax(node.items);
}
