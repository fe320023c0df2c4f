/** What Flux does as far as Rollouts see it: it scans the registry, and applies what Kustomizations carry. */
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { bareManifest } from '../../src/integrations/flux/testing/scripted-registry.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import type { Registry } from '../../src/oci/registry.ts';
import { isCrashing } from './application.ts';
import type { SimulatedClient } from './client.ts';
import type { VirtualClock } from './virtual-clock.ts';

const anyOf = (apiVersion: string, kind: string, plural: string): ResourceType => {
  return { apiVersion, kind, plural, namespaced: true, parse: (object) => object as KubeObject };
};
export const repositoryType = anyOf('image.toolkit.fluxcd.io/v1', 'ImageRepository', 'imagerepositories');
export const policyType = anyOf('image.toolkit.fluxcd.io/v1', 'ImagePolicy', 'imagepolicies');
export const kustomizationType = anyOf('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'kustomizations');
export const KUSTOMIZATIONS = 'kustomize.toolkit.fluxcd.io/kustomizations';

export const imageOf = (app: string): string => `registry.example/${app}`;
const namespace = 'apps';

export class Flux {
  readonly #client: SimulatedClient;
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #tags = new Map<string, string[]>();
  readonly registry: Registry;

  constructor(client: SimulatedClient, clock: VirtualClock, random: () => number) {
    this.#client = client;
    this.#clock = clock;
    this.#random = random;
    this.registry = {
      listTags: async (image) => this.#tags.get(image) ?? [],
      readManifest: async (_image, reference) => bareManifest(reference, '2026-03-01T00:00:00Z'),
    };
  }

  tagsOf(app: string): readonly string[] {
    return this.#tags.get(imageOf(app)) ?? [];
  }

  /** Somebody pushes; a scan sees it within a minute. */
  async push(app: string, tag: string): Promise<void> {
    this.#tags.set(imageOf(app), [...this.tagsOf(app), tag]);
    this.#soon(5_000, 55_000, async () => {
      const tags = this.tagsOf(app);
      const newest = tags.at(-1);
      const scan = { lastScanResult: { revision: tags.join(','), tagCount: tags.length } };
      await this.#status(repositoryType, app, scan);
      await this.#status(policyType, app, { latestRef: { name: imageOf(app), tag: newest } });
    });
  }

  /** A Kustomization was written: it is applied within half a minute, and what crashes makes it fail. */
  noticed(current: Readonly<Record<string, unknown>>, previous: Readonly<Record<string, unknown>> | undefined): void {
    const { name, generation } = metadataOf(current);
    if (previous !== undefined && metadataOf(previous).generation === generation) return;
    this.#soon(2_000, 28_000, async () => {
      const live = (await this.#client.get(kustomizationType, { namespace, name })) as Applied;
      if (live.metadata.generation !== generation) return;
      const broken = Object.values(live.spec.postBuild?.substitute ?? {}).find(isCrashing);
      const now = this.#clock.now().toString({ smallestUnit: 'second' });
      const ready =
        broken === undefined
          ? { status: 'True', reason: 'ReconciliationSucceeded', message: 'Applied revision: main' }
          : { status: 'False', reason: 'HealthCheckFailed', message: `Deployment/${name} crashes` };
      const condition = { type: 'Ready', observedGeneration: generation, lastTransitionTime: now, ...ready };
      await this.#status(kustomizationType, name, {
        observedGeneration: generation,
        lastAppliedRevision: 'main',
        lastAttemptedRevision: 'main',
        inventory: { entries: [{ id: `apps_${name}__ConfigMap`, v: 'v1' }] },
        conditions: [condition],
      });
    });
  }

  async #status(type: ResourceType, name: string, status: object): Promise<void> {
    const patch = { type: 'merge', body: { status } } as const;
    await this.#client.patch(type, { namespace, name }, patch, { subresource: 'status' });
  }

  #soon(least: number, spread: number, work: () => Promise<void>): void {
    this.#clock.after(least + this.#random() * spread, () => {
      work().catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    });
  }
}

type Applied = KubeObject & { readonly spec: { postBuild?: { substitute?: Record<string, string> } } };

function metadataOf(object: Readonly<Record<string, unknown>>): { name: string; generation: number } {
  return object.metadata as { name: string; generation: number };
}
