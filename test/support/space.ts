/** A namespace of its own with what a person does there: apply, push, annotate, look. */
import { expect } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import type { Condition, KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { type HistoryEntry, Rollout } from '../../src/api/rollout.ts';
import type { RolloutGate } from '../../src/api/rollout-gate.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { Clock } from '../../src/kube/clock.ts';
import type { KubeCluster } from '../../src/kube/cluster.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { pushArtifact, pushImage } from '../../src/oci/push.ts';
import type { Transport } from '../../src/oci/transport.ts';
import type { ResourceTypes } from '../../src/sandbox/flux/kustomization-apply.ts';
import type { Carried } from './carried.ts';
import { eventually } from './eventually.ts';
import {
  configManifests,
  fills,
  healthCheck,
  imagePolicy,
  imageRepository,
  judgedBy,
  kustomization,
  ociRepository,
  rollout,
} from './objects.ts';

/** What a namespace needs of the world that it is in. */
export interface Surroundings {
  /** Of somebody who may do everything. */
  readonly client: KubeClient;
  /** How to reach the API server as that one. */
  readonly cluster: KubeCluster;
  /** `host:port` of the registry. */
  readonly registryHost: string;
  readonly clock: Clock;
  /** For pushing. */
  readonly transport: Transport;
  readonly types: ResourceTypes;
  /** Every version that any target ever carried. */
  readonly carried: Carried;
}

interface Pushed {
  /** Of the image; default `app`. */
  readonly name?: string;
  /** What becomes of its pods; default ready. */
  readonly outcome?: string;
}

export class Space {
  readonly world: Surroundings;
  readonly namespace: string;

  constructor(world: Surroundings, namespace: string) {
    this.world = world;
    this.namespace = namespace;
  }

  get client(): KubeClient {
    return this.world.client;
  }

  image(name = 'app'): string {
    return `${this.world.registryHost}/${this.namespace}/${name}`;
  }

  /** Applies objects one after the other, as a person's `kubectl apply` would. */
  async put(...objects: readonly KubeObject[]): Promise<void> {
    for (const object of objects) {
      const type = await this.typeOf(object);
      await this.client.apply(type, this.place(object, type), { fieldManager: 'person', force: true });
    }
  }

  /** Applies gates, and waits until their Rollout has seen them: whatever is pushed from now on meets them. */
  async guard(...gates: readonly KubeObject[]): Promise<void> {
    await this.put(...gates);
    for (const { metadata, spec } of gates as readonly (KubeObject & Pick<RolloutGate, 'spec'>)[]) {
      await eventually(async () => {
        const { status } = await this.get(Rollout, spec.rolloutRef.name);
        expect(status?.gates?.map(({ name }) => name)).toContain(metadata.name);
      });
    }
  }

  /** As `kubectl create` would. */
  async create(object: KubeObject): Promise<void> {
    const type = await this.typeOf(object);
    await this.client.create(type, this.place(object, type));
  }

  async typeOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): Promise<ResourceType> {
    const type = await this.world.types(apiVersion, kind, new AbortController().signal);
    if (type === undefined) throw new Error(`the cluster does not serve ${apiVersion} ${kind}`);
    return type;
  }

  place(object: KubeObject, { namespaced }: ResourceType): KubeObject {
    if (!namespaced) return object;
    return { ...object, metadata: { ...object.metadata, namespace: this.namespace } };
  }

  async push(tag: string, { name = 'app', outcome }: Pushed = {}): Promise<string> {
    const annotations = {
      'org.opencontainers.image.version': tag.replace(/^v/, ''),
      ...(outcome !== undefined && { 'sandbox.kuberik.com/outcome': outcome }),
    };
    const content = { repository: this.image(name), tag, files: { version: tag }, annotations };
    return pushImage(this.world.transport, content, new AbortController().signal);
  }

  /** A release whose pods crash: on the sandbox by its annotation, on kwok by the end of its tag, which must be `.666`. */
  pushCrashing(tag: `${string}.666`): Promise<string> {
    return this.push(tag, { outcome: 'crash' });
  }

  async pushManifests(files: Record<string, string>, tag = 'latest', name = 'manifests'): Promise<void> {
    await pushArtifact(
      this.world.transport,
      { repository: this.image(name), tag, files },
      new AbortController().signal,
    );
  }

  /** Everything that delivers `app`, and its first release. @param manifests default: healthy as soon as applied */
  async application(spec: Readonly<Record<string, unknown>> = {}, manifests = configManifests()): Promise<void> {
    await this.pushManifests(manifests);
    await this.push('v1.0.0');
    await this.put(
      imageRepository('app', this.image()),
      imagePolicy('app'),
      ociRepository('app', this.image('manifests')),
      kustomization('app', { targetNamespace: this.namespace }, fills('app')),
      healthCheck('app'),
      rollout('app', { ...judgedBy('app'), ...spec }),
    );
  }

  get<T extends KubeObject>(type: ResourceType<T>, name = 'app'): Promise<T> {
    return this.client.get(type, { namespace: this.namespace, name });
  }

  /** A merge patch, as `kubectl patch` or `kubectl annotate` would send it. */
  patch<T extends KubeObject>(type: ResourceType<T>, name: string, body: unknown): Promise<T> {
    return this.client.patch(type, { namespace: this.namespace, name }, { type: 'merge', body });
  }

  annotate(annotations: Readonly<Record<string, string>>, name = 'app'): Promise<Rollout> {
    const keys = Object.entries(annotations).map(([key, value]) => [`rollout.kuberik.com/${key}`, value]);
    return this.patch(Rollout, name, { metadata: { annotations: Object.fromEntries(keys) } });
  }

  async remove(type: ResourceType, name: string): Promise<void> {
    await this.client.remove(type, { namespace: this.namespace, name });
  }

  /**
   * Until it is there no more. Not by `rejects`: Vitest holds a promise of one concurrent test against another one that
   * ends meanwhile.
   */
  async gone(type: ResourceType, name = 'app'): Promise<void> {
    await eventually(async () => {
      const found = await this.get(type, name).catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
      expect(found).toBeUndefined();
    });
  }

  /**
   * What a controller of a foreign class writes. Its clock has whole seconds, so that a verdict within the second of a
   * deployment is not yet one about it: judge again until it counts, as such a controller does.
   */
  judge(name: string, status: 'Healthy' | 'Unhealthy', at = this.world.clock.now()): Promise<HealthCheck> {
    const time = at.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();
    const body = { status: { status, lastChangeTime: time, ...(status === 'Unhealthy' && { lastErrorTime: time }) } };
    const key = { namespace: this.namespace, name };
    return this.client.patch(HealthCheck, key, { type: 'merge', body }, { subresource: 'status' });
  }

  /** Judges until `look` throws no more. It looks once and does not wait itself: else there is one verdict only. */
  async judgeUntil(name: string, status: 'Healthy' | 'Unhealthy', look: () => Promise<void>): Promise<void> {
    await eventually(async () => {
      await this.judge(name, status);
      await look();
    });
  }

  /** Newest first. */
  async entries(name = 'app'): Promise<readonly HistoryEntry[]> {
    return (await this.get(Rollout, name)).status?.history ?? [];
  }

  /** One line for each deployment, newest first: `v1.1.0 Succeeded Automatic`. */
  async history(name = 'app'): Promise<readonly string[]> {
    const entries = await this.entries(name);
    return entries.map(({ version, bakeStatus, trigger }) => `${version.tag} ${bakeStatus ?? ''} ${trigger ?? ''}`);
  }

  /** Waits until the history is this, newest first, and ids count from 1. */
  async reaches(expected: readonly string[], name = 'app', timeout?: number): Promise<void> {
    await eventually(async () => {
      expect(await this.history(name)).toEqual(expected);
    }, timeout);
    const ids = (await this.entries(name)).map(({ id }) => id);
    expect(ids).toEqual(expected.map((_, index) => expected.length - index));
  }

  async condition(type: string, name = 'app'): Promise<Condition | undefined> {
    return (await this.get(Rollout, name)).status?.conditions?.find((condition) => condition.type === type);
  }

  /** Waits for a condition of a Rollout, and resolves with its message. */
  async says(type: string, status: 'True' | 'False' | 'Unknown', reason: string, name = 'app'): Promise<string> {
    return eventually(async () => {
      const condition = await this.condition(type, name);
      expect(condition).toMatchObject({ status, reason });
      return condition?.message ?? '';
    });
  }

  /** The variables of a Kustomization. */
  async variables(name = 'app'): Promise<Readonly<Record<string, string | null>>> {
    return (await this.get(Kustomization, name)).spec.postBuild?.substitute ?? {};
  }

  /** Every version that the Kustomization ever carried, oldest first. */
  carried(name = 'app', variable = 'VERSION'): Promise<readonly string[]> {
    return this.world.carried.variable(this.namespace, name, variable);
  }
}
