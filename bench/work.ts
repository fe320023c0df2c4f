/** The objects of one run, and a release of all of them: the benchmark is the team, and Flux' image reflection. */
import { HealthCheck } from '../src/api/health-check.ts';
import type { KubeObject } from '../src/api/meta.ts';
import type { ResourceType } from '../src/api/resource-type.ts';
import { Rollout } from '../src/api/rollout.ts';
import { Namespace } from '../src/integrations/flux/core-objects.ts';
import { ImagePolicy } from '../src/integrations/flux/image-policy.ts';
import { ImageRepository } from '../src/integrations/flux/image-repository.ts';
import { Kustomization } from '../src/integrations/flux/kustomization.ts';
import { systemClock } from '../src/kube/clock.ts';
import { pushImage } from '../src/oci/push.ts';
import { createRegistry } from '../src/oci/registry-client.ts';
import {
  fills,
  healthCheck,
  imagePolicy,
  imageRepository,
  judgedBy,
  kustomization,
  rollout,
} from '../test/support/objects.ts';
import { condition } from './conditions.ts';
import { appliedObject } from './kustomize.ts';
import type { Plane } from './plane.ts';
import { forEach } from './until.ts';

export interface Shape {
  readonly rollouts: number;
  /** The Rollouts are spread over so many, in turn. */
  readonly namespaces: number;
  /** Each Rollout has an image of its own; else all have the same, scanned once for each namespace. */
  readonly ownImages: boolean;
  /** Each Rollout has a bake and a health check of its Kustomization. */
  readonly judged: boolean;
}

const bakeTime = '5s';

export class Work {
  readonly shape: Shape;
  readonly #plane: Plane;
  readonly #signal: AbortSignal;
  /** By image and tag. */
  readonly #digests = new Map<string, string>();

  constructor(plane: Plane, shape: Shape, signal: AbortSignal) {
    this.#plane = plane;
    this.shape = shape;
    this.#signal = signal;
  }

  /** Pushes the images of all tags, and creates everything with the first tag chosen. */
  async arrange(first: string, ...later: readonly string[]): Promise<void> {
    const { rollouts, namespaces, ownImages, judged } = this.shape;
    for (const tag of [first, ...later]) await this.#push(tag);
    await forEach(namespaces, async (index) => {
      await this.#create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `bench-${index}` } });
    });
    await forEach(ownImages ? rollouts : namespaces, async (index) => {
      await this.#put(index, ImageRepository, imageRepository(this.#repository(index), this.#image(index)));
      await this.#scan(index, first);
    });
    await forEach(rollouts, async (index) => {
      const name = nameOf(index);
      const rules = { imageRepositoryRef: { name: this.#repository(index) }, digestReflectionPolicy: 'IfNotPresent' };
      const source = { sourceRef: { kind: 'GitRepository', name: 'manifests' } };
      await this.#put(index, ImagePolicy, imagePolicy(name, rules));
      await this.#choose(index, first);
      await this.#put(index, Kustomization, kustomization(name, source, fills(name)));
      if (judged) {
        const check = healthCheck(name);
        await appliedObject(this.#plane.client, this.#namespace(index), name);
        await this.#put(index, HealthCheck, check);
      }
      await this.#put(index, Rollout, rollout(name, judged ? { ...judgedBy(name), bakeTime } : {}));
    });
  }

  /** As image reflection does it: what a scan found, then what each policy makes of it. */
  async release(tag: string): Promise<void> {
    const { rollouts, namespaces, ownImages } = this.shape;
    if (!ownImages) await forEach(namespaces, (index) => this.#scan(index, tag));
    await forEach(rollouts, async (index) => {
      if (ownImages) await this.#scan(index, tag);
      await this.#choose(index, tag);
    });
  }

  /** Whether every Rollout has recorded this tag as deployed with success. */
  async hasSucceeded(tag: string): Promise<boolean> {
    const { items } = await this.#plane.client.list(Rollout);
    return items.every((item) => {
      const { version, bakeStatus } = Rollout.parse(item).status?.history?.[0] ?? {};
      return version?.tag === tag && bakeStatus === 'Succeeded';
    });
  }

  async #push(tag: string): Promise<void> {
    await using registry = createRegistry({ clock: systemClock, userAgent: 'bench' });
    await forEach(this.shape.ownImages ? this.shape.rollouts : 1, async (index) => {
      const repository = `${this.#plane.registry.upstream}/${imageName(index)}`;
      const annotations = {
        'org.opencontainers.image.version': tag,
        'org.opencontainers.image.revision': `revision-of-${tag}`,
        'org.opencontainers.image.created': '2026-01-05T12:00:00Z',
      };
      const content = { repository, tag, files: { index: String(index) }, annotations };
      this.#digests.set(`${imageName(index)} ${tag}`, await pushImage(registry.transport, content, this.#signal));
    });
  }

  #scan(index: number, tag: string): Promise<unknown> {
    const status = {
      observedGeneration: 1,
      conditions: [condition('Ready', 'True', 'Succeeded', `successful scan: found ${tag}`)],
      canonicalImageName: this.#image(index),
      lastScanResult: { latestTags: [tag], tagCount: 2, revision: `sha256:${tag}`, scanTime: new Date().toISOString() },
    };
    return this.#patchStatus(index, ImageRepository, this.#repository(index), status);
  }

  #choose(index: number, tag: string): Promise<unknown> {
    const digest = this.#digests.get(`${this.shape.ownImages ? imageName(index) : imageName(0)} ${tag}`);
    const status = {
      observedGeneration: 1,
      conditions: [condition('Ready', 'True', 'Succeeded', `Latest image tag for ${this.#image(index)} is ${tag}`)],
      latestRef: { name: this.#image(index), tag, digest },
    };
    return this.#patchStatus(index, ImagePolicy, nameOf(index), status);
  }

  #patchStatus(index: number, type: ResourceType, name: string, status: unknown): Promise<unknown> {
    const key = { namespace: this.#namespace(index), name };
    return this.#plane.client.patch(type, key, { type: 'merge', body: { status } }, { subresource: 'status' });
  }

  #put(index: number, type: ResourceType, object: KubeObject): Promise<unknown> {
    const namespace = this.#namespace(index);
    return this.#create(type, { ...object, metadata: { ...object.metadata, namespace } });
  }

  #create(type: ResourceType, object: KubeObject): Promise<unknown> {
    return this.#plane.client.create(type, object);
  }

  #namespace(index: number): string {
    return `bench-${index % this.shape.namespaces}`;
  }

  #repository(index: number): string {
    return this.shape.ownImages ? nameOf(index) : 'shared';
  }

  #image(index: number): string {
    return `${this.#plane.registry.host}/${imageName(this.shape.ownImages ? index : 0)}`;
  }
}

const nameOf = (index: number): string => `app-${index}`;
const imageName = (index: number): string => `bench/app-${index}`;
