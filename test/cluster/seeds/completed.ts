/**
 * `seeds` is the side that users see of our kinds: what applies, is explained, shown, and refused. The documents print
 * the objects of others as excerpts. This file completes them, and says what was left out.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface SeedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Fields;
}

type Fields = Readonly<Record<string, unknown>>;

interface Excerpt {
  /** Fields that the API server misses, or does not know. */
  readonly faults: readonly string[];
  /** What makes it whole, by the names of its fields; null removes a field. */
  readonly completion: Fields;
}

const selector = { matchLabels: { app: 'my-app' } };
const template = { metadata: { labels: selector.matchLabels } };
const kustomization = {
  faults: ['spec.interval: Required', 'spec.prune: Required', 'spec.sourceRef: Required'],
  completion: { interval: '1m', prune: true, sourceRef: { kind: 'OCIRepository', name: 'my-app' } },
};

/** By file and kind. Objects of ours are never in here. */
export const excerpts: Readonly<Record<string, Excerpt>> = {
  'deck/image-automation.yaml ImageRepository': {
    faults: ['spec.interval: Required'],
    completion: { interval: '1m' },
  },
  'deck/image-automation.yaml ImagePolicy': {
    faults: ['spec.imageRepositoryRef: Required'],
    completion: { imageRepositoryRef: { name: 'my-app' } },
  },
  'deck/kustomization.yaml Kustomization': kustomization,
  'deck/deployment.yaml Deployment': { faults: ['spec.selector: Required'], completion: { selector, template } },
  'deck/openkruise-rollout.yaml Rollout': {
    faults: ['spec.workloadRef.apiVersion: Required'],
    completion: { workloadRef: { apiVersion: 'apps/v1' } },
  },
  'readme/kustomization-of-three.yaml Kustomization': kustomization,
  'readme/annotated-kustomization.yaml Kustomization': kustomization,
  // The README's mistake: the field is called `ref`.
  'readme/oci-repository.yaml OCIRepository': {
    faults: ['spec.reference'],
    completion: {
      reference: null,
      ref: { tag: 'latest' },
      url: 'oci://registry.example.com/manifests',
      interval: '1m',
    },
  },
  'readme/annotated-oci-repository.yaml OCIRepository': {
    faults: ['spec.interval: Required'],
    completion: { interval: '1m' },
  },
  // Not a field of Flux, whose ranges take pre-releases by `-0`.
  'readme/image-policy.yaml ImagePolicy': {
    faults: ['spec.policy.semver.prereleases'],
    completion: { policy: { semver: { prereleases: null } } },
  },
};

export function read(file: string): readonly SeedObject[] {
  const text = readFileSync(join(import.meta.dirname, '../../seeds', file), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as SeedObject);
}

export function complete(object: SeedObject, { completion }: Excerpt): SeedObject {
  return { ...object, spec: merged(object.spec ?? {}, completion) };
}

/** As a JSON merge patch does it. */
function merged(fields: Fields, more: Fields): Fields {
  const result: Record<string, unknown> = { ...fields };
  for (const [name, value] of Object.entries(more)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else if (isFields(value) && isFields(result[name])) result[name] = merged(result[name], value);
    else result[name] = value;
  }
  return result;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
