/** The objects of the applications, as their teams and Flux have them, and the images in the registry. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HealthCheck } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { isConflict, KubeError } from '../../src/kube/errors.ts';
import { pushArtifact, pushImage } from '../../src/oci/push.ts';
import type { Transport } from '../../src/oci/transport.ts';
import type { Administrator } from '../cluster/control-plane/cluster.ts';
import { SHARD } from '../cluster/control-plane/flux.ts';
import {
  deploymentManifests,
  gate,
  imagePolicy,
  imageRepository,
  kustomization,
  object,
  ociRepository,
} from '../support/objects.ts';
import { type Application, failsAs, minorOf, tagOf } from './fleet.ts';

/** Of Kustomizations that no kustomize-controller looks at. */
export const STAND_IN = { [SHARD]: 'soak' };

/** Flux looks again by itself after so long, and health checks tell of each step: a soak is over by then. */
const longInterval = '12h';

interface Pod {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const never = new AbortController().signal;

export class Site {
  readonly fleet: readonly Application[];
  readonly admin: Administrator;
  readonly #transport: Transport;
  readonly #registry: string;
  readonly #tags = new Map<string, string[]>();

  constructor(fleet: readonly Application[], admin: Administrator, transport: Transport, registry: string) {
    this.fleet = fleet;
    this.admin = admin;
    this.#transport = transport;
    this.#registry = registry;
  }

  /** Oldest first. */
  tagsOf({ name }: Application): readonly string[] {
    return this.#tags.get(name) ?? [];
  }

  newest(app: Application): string {
    return this.tagsOf(app).at(-1) ?? '';
  }

  /** The next release. @returns its tag */
  async release(app: Application, fails = false): Promise<string> {
    const tag = tagOf(minorOf(this.newest(app)) + 1, fails);
    const annotations = { 'org.opencontainers.image.version': tag };
    const content = { repository: this.#image(app), tag, files: { [app.name]: tag }, annotations };
    this.#tags.set(app.name, [...this.tagsOf(app), tag]);
    await pushImage(this.#transport, content, never);
    return tag;
  }

  async populate(): Promise<void> {
    for (const namespace of new Set(this.fleet.map((app) => app.namespace)))
      await this.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (const app of this.fleet) {
      await this.release(app);
      await this.#populate(app);
    }
  }

  /** @returns whether it was there already */
  async create(object: KubeObject, namespace?: string): Promise<boolean> {
    const type = await this.#typeOf(object);
    const metadata = type.namespaced ? { ...object.metadata, namespace } : object.metadata;
    try {
      await this.admin.client.create(type, { ...object, metadata });
      return false;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return true;
    }
  }

  createRollout({ name, namespace, check, spec }: Application): Promise<boolean> {
    const judged = check === 'none' ? {} : { healthCheckSelector: { matchLabels: { app: name } } };
    const fields = { releasesImagePolicy: { name }, ...judged, ...spec };
    const { apiVersion, kind } = Rollout;
    return this.create(object(apiVersion, kind, name, fields, { labels: { app: name } }), namespace);
  }

  patch(type: ResourceType, { namespace }: Application, name: string, body: unknown): Promise<unknown> {
    return this.admin.client.patch(type, { namespace, name }, { type: 'merge', body });
  }

  /**
   * A node that was not heard of while the API server was down makes its pods unready. A kubelet would say again that they
   * are ready; kwok does not, and here they are made anew.
   */
  async reviveForgottenPods(): Promise<void> {
    const pods = await this.#typeOf({ apiVersion: 'v1', kind: 'Pod' });
    const { items } = await this.admin.client.list(pods);
    for (const { metadata, status } of items as readonly Pod[]) {
      const says = (type: string): string | undefined => status?.conditions?.find((one) => one.type === type)?.status;
      if (says('Ready') !== 'False' || says('ContainersReady') !== 'True') continue;
      await this.admin.client.remove(pods, metadata);
    }
  }

  async #populate(app: Application): Promise<void> {
    const { name, namespace, check, flagGate, manualGate, denied } = app;
    const put = (...objects: readonly KubeObject[]): Promise<unknown> =>
      Promise.all(objects.map((one) => this.create(one, namespace)));
    await put(imageRepository(name, this.#image(app)), imagePolicy(name), ...(await this.#targets(app)));
    const { apiVersion } = HealthCheck;
    const labels = { app: name };
    const annotations = { 'healthcheck.kuberik.com/kustomization': app.kustomization };
    if (check === 'foreign') await put(object(apiVersion, 'HealthCheck', name, { class: 'soak' }, { labels }));
    if (check === 'kustomization')
      await put(object(apiVersion, 'HealthCheck', name, { class: 'kustomization' }, { labels, annotations }));
    if (flagGate) await put(gate(`flag-${name}`, name, { passing: true }));
    if (manualGate) await put(gate(`board-${name}`, name, { class: 'manual', approval: { required: 1 } }));
    if (denied.size > 0) {
      const { timezone } = app;
      const rules = [...denied].map((minute) => ({ timeRange: rangeOf(minute, timezone) }));
      const spec = { rolloutSelector: { matchLabels: labels }, action: 'Deny', timezone, rules };
      await put(object(apiVersion, 'RolloutSchedule', name, spec));
    }
    await this.createRollout(app);
  }

  async #targets({ name, namespace, kustomization: target, variable, isReal }: Application): Promise<KubeObject[]> {
    const annotations = { [`rollout.kuberik.com/substitute.${variable}.from`]: name };
    if (isReal) {
      const repository = `${this.#registry}/${namespace}/${name}-manifests`;
      const files = Object.fromEntries(
        Object.entries(deploymentManifests(`${this.#registry}/${namespace}/${name}`, 20)).map(([path, text]) => [
          path,
          text
            .replaceAll('VERSION', variable)
            .replaceAll(': app\n', `: ${name}\n`)
            .replaceAll('app: app', `app: ${name}`),
        ]),
      );
      await pushArtifact(this.#transport, { repository, tag: 'latest', files }, never);
      return [
        ociRepository(name, repository),
        kustomization(target, { targetNamespace: namespace, interval: longInterval }, annotations),
      ];
    }
    if (target !== name) {
      const type = await this.#typeOf(kustomization(target));
      await this.patch(type, { namespace } as Application, target, { metadata: { annotations } });
      return [];
    }
    const { metadata, ...rest } = kustomization(target, {}, annotations);
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
    return [applied, { ...rest, metadata: { ...metadata, labels: STAND_IN } }];
  }

  #image({ name, namespace }: Application): string {
    return `${this.#registry}/${namespace}/${name}`;
  }

  async #typeOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): Promise<ResourceType> {
    const type = await this.admin.types(apiVersion, kind, never);
    if (type === undefined) throw new Error(`the cluster does not serve ${apiVersion} ${kind}`);
    return type;
  }
}

/** One minute of the day, as a clock on a wall of the zone shows it. */
function rangeOf(minute: number, timezone: string): { start: string; end: string } {
  const [start, end] = [minute, minute + 1].map((each) =>
    Temporal.Instant.fromEpochMilliseconds(each * 60_000)
      .toZonedDateTimeISO(timezone)
      .toPlainTime()
      .toString({ smallestUnit: 'minute' }),
  ) as [string, string];
  return { start, end };
}

/** Tries until the API server has taken it. @throws when it does not for two minutes, or refuses it for good */
export async function persist(work: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (true) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof KubeError) || performance.now() > deadline) throw error;
      await sleep(500);
    }
  }
}

/** The newest that does not fail. */
export const newestGood = (tags: readonly string[]): string | undefined => tags.findLast((tag) => !failsAs(tag));
