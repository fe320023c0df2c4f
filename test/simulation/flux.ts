/** What Flux does as far as Rollouts see it: it scans the registry, fetches sources, and applies Kustomizations. */
import type { KubeObject } from '../../src/api/meta.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import type { Application, Setting } from './application.ts';
import type { SimulatedClient } from './client.ts';
import { KUSTOMIZATIONS, kustomizationType, policyType, REPOSITORIES, repositoryType, sourceType } from './kinds.ts';
import { imageOf, kustomizationsOf, sourceNameOf, variableOf } from './names.ts';
import type { SimulatedRegistry } from './registry.ts';
import { behaviourOf, isPrerelease, minorOf } from './versions.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { starts, type Workloads } from './workloads.ts';

export interface FluxOptions {
  readonly client: SimulatedClient;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly registry: SimulatedRegistry;
  readonly workloads: Workloads;
  readonly setting: Setting;
}

export { KUSTOMIZATIONS, kustomizationType };

/** An object as the API server holds it. */
type Stored = Readonly<Record<string, unknown>>;
type Target = KubeObject & {
  readonly spec: {
    readonly suspend?: boolean;
    readonly ref?: { readonly tag?: string };
    readonly postBuild?: { readonly substitute?: Readonly<Record<string, string>> };
  };
  readonly status?: { readonly artifact?: { readonly revision?: string } };
};

interface Ready {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

export class Flux {
  readonly #options: FluxOptions;
  /** Kustomizations of which something is waited for, and whether they have changed since. */
  readonly #busy = new Map<string, { changed: boolean }>();

  constructor(options: FluxOptions) {
    this.#options = options;
  }

  /** The registry, the policy or the repository has changed: a scan sees it within a minute. */
  scan(app: Application): void {
    this.#soon(5_000, 55_000, async () => {
      const { client, registry } = this.#options;
      const { namespace, name, digests } = app;
      const repository = (await client.get(repositoryType, { namespace, name })) as Target;
      if (repository.spec.suspend === true) return;
      const image = imageOf(app);
      const tags = registry.tags(image);
      const newest = newestOf(tags, app);
      const scan = { lastScanResult: { revision: tags.join(','), tagCount: tags.length } };
      await this.#status(repositoryType, namespace, name, scan);
      if (newest === undefined) return;
      const digest = registry.digest(image, newest);
      const latestRef = { name: image, tag: newest, ...(digests && { digest }) };
      await this.#status(policyType, namespace, name, { latestRef });
    });
  }

  /** The API server is back from a backup: everything is looked at anew. */
  restored(): void {
    for (const app of this.#options.setting.applications) {
      this.scan(app);
      const { namespace } = app;
      this.#soon(1_000, 9_000, () => this.#fetch(namespace, sourceNameOf(app)));
      for (const name of kustomizationsOf(app)) this.#take(namespace, name);
    }
  }

  /** Something was written that Flux watches. */
  noticed(resource: string, current: Stored, previous: Stored | undefined): void {
    const { name, namespace = '', generation } = (current as unknown as KubeObject).metadata;
    if (previous !== undefined && (previous as unknown as KubeObject).metadata.generation === generation) return;
    if (resource === KUSTOMIZATIONS) this.#take(namespace, name);
    else if (resource === REPOSITORIES) this.#soon(1_000, 9_000, () => this.#fetch(namespace, name));
    else {
      const app = this.#options.setting.applications.find((one) => one.name === name && one.namespace === namespace);
      if (app !== undefined) this.scan(app);
    }
  }

  #take(namespace: string, name: string): void {
    const busy = this.#busy.get(`${namespace}/${name}`);
    if (busy !== undefined) busy.changed = true;
    else this.#soon(2_000, 28_000, () => this.#apply(namespace, name));
  }

  async #fetch(namespace: string, name: string): Promise<void> {
    const source = (await this.#options.client.get(sourceType, { namespace, name })) as Target;
    const app = this.#options.setting.applications.find(
      (one) => one.namespace === namespace && sourceNameOf(one) === name,
    );
    const tag = source.spec.ref?.tag;
    if (app === undefined || tag === undefined || source.spec.suspend === true) return;
    const digest = this.#options.registry.digest(imageOf(app), tag);
    if (digest === undefined) {
      const ready = { status: 'False', reason: 'OCIArtifactPullFailed', message: `no ${tag}` } as const;
      await this.#status(sourceType, namespace, name, { conditions: [this.#ready(source, ready)] });
      return;
    }
    const revision = `${tag}@${digest}`;
    const artifact = { revision, digest, path: name, url: `http://source/${name}`, lastUpdateTime: this.#now() };
    const ready = this.#ready(source, { status: 'True', reason: 'Succeeded', message: `stored ${revision}` });
    const { generation } = source.metadata;
    await this.#status(sourceType, namespace, name, { observedGeneration: generation, artifact, conditions: [ready] });
    this.#take(namespace, app.kustomization);
  }

  async #apply(namespace: string, name: string): Promise<void> {
    const live = (await this.#options.client.get(kustomizationType, { namespace, name })) as Target;
    if (live.spec.suspend === true) return;
    const revision = await this.#revisionOf(namespace, name);
    if (revision === undefined) return;
    const carried = this.#carried(live, revision);
    const failing = carried.find(({ tag }) => behaviourOf(tag) === 'does-not-build');
    if (failing !== undefined) {
      const message = `kustomize build failed: ${failing.tag}`;
      await this.#tell(live, revision, { status: 'False', reason: 'BuildFailed', message });
      return;
    }
    for (const { app, tag } of carried) if (app.kustomization === name) this.#options.workloads.run(app, tag);
    const waited = carried.find(
      ({ app, tag }) => app.waits && (behaviourOf(tag) === 'crashes' || behaviourOf(tag) === 'hangs'),
    );
    if (waited === undefined) {
      if (carried.some(({ app }) => app.waits)) await this.#sleep(starts);
      await this.#succeed(live, revision);
    } else await this.#await(live, revision, behaviourOf(waited.tag) === 'hangs');
  }

  /** It takes up nothing else before what it applied is ready, or has had its time. */
  async #await(live: Target, revision: string, hangs: boolean): Promise<void> {
    const { clock, setting } = this.#options;
    const { namespace = '', name } = live.metadata;
    const key = `${namespace}/${name}`;
    const busy = { changed: false };
    this.#busy.set(key, busy);
    const took = hangs ? setting.span.fluxTimeout : 10_000;
    const message = `Running health checks for revision ${revision} with a timeout of ${setting.span.fluxTimeout / 1000}s`;
    const running: Ready = { status: 'Unknown', reason: 'Progressing', message };
    clock.after(took, () => {
      this.#busy.delete(key);
      if (busy.changed) this.#take(namespace, name);
      const failed = `health check failed after ${took / 1000}s: ${hangs ? 'timeout waiting for' : 'failed early due to'} Deployment/${name}`;
      this.#soon(0, 100, async () => {
        const present = (await this.#options.client.get(kustomizationType, { namespace, name })) as Target;
        if (present.metadata.uid !== live.metadata.uid) return;
        await this.#tell(live, revision, { status: 'False', reason: 'HealthCheckFailed', message: failed });
      });
    });
    await this.#tell(live, revision, running, [
      this.#condition(live, 'Reconciling', { status: 'True', reason: 'Progressing', message }),
      this.#condition(live, 'Healthy', running),
    ]);
  }

  async #succeed(live: Target, revision: string): Promise<void> {
    const { generation, name, namespace = '' } = live.metadata;
    const ready = {
      status: 'True',
      reason: 'ReconciliationSucceeded',
      message: `Applied revision: ${revision}`,
    } as const;
    await this.#status(kustomizationType, namespace, name, {
      observedGeneration: generation,
      lastAppliedRevision: revision,
      lastAttemptedRevision: revision,
      inventory: { entries: [{ id: `${namespace}_${name}_apps_Deployment`, v: 'v1' }] },
      conditions: [this.#ready(live, ready)],
    });
  }

  async #tell(live: Target, revision: string, ready: Ready, more: readonly object[] = []): Promise<void> {
    const { name, namespace = '' } = live.metadata;
    await this.#status(kustomizationType, namespace, name, {
      lastAttemptedRevision: revision,
      inventory: { entries: [{ id: `${namespace}_${name}_apps_Deployment`, v: 'v1' }] },
      conditions: [this.#ready(live, ready), ...more],
    });
  }

  /** Of the source that feeds it; undefined: nothing is fetched yet. */
  async #revisionOf(namespace: string, name: string): Promise<string | undefined> {
    const app = this.#appsOf(namespace, name).find(({ carriedBy }) => carriedBy === 'source' || carriedBy === 'both');
    if (app === undefined) return 'main';
    const key = { namespace, name: sourceNameOf(app) };
    const source = (await this.#options.client.get(sourceType, key)) as Target;
    return source.status?.artifact?.revision;
  }

  #carried(live: Target, revision: string): readonly { readonly app: Application; readonly tag: string }[] {
    const { name, namespace = '' } = live.metadata;
    return this.#appsOf(namespace, name).flatMap((app) => {
      const variable = live.spec.postBuild?.substitute?.[variableOf(app.name)];
      const tag = app.carriedBy === 'source' ? revision.split('@')[0] : variable;
      return tag === undefined ? [] : [{ app, tag }];
    });
  }

  #appsOf(namespace: string, kustomization: string): readonly Application[] {
    return this.#options.setting.applications.filter(
      (app) => app.namespace === namespace && kustomizationsOf(app).includes(kustomization),
    );
  }

  #ready(live: Target, ready: Ready): object {
    return this.#condition(live, 'Ready', ready);
  }

  #condition({ metadata }: Target, type: string, ready: Ready): object {
    return { type, observedGeneration: metadata.generation, lastTransitionTime: this.#now(), ...ready };
  }

  #now(): string {
    return this.#options.clock.now().toString({ smallestUnit: 'second' });
  }

  async #status(type: typeof kustomizationType, namespace: string, name: string, status: object): Promise<void> {
    const patch = { type: 'merge', body: { status } } as const;
    await this.#options.client.patch(type, { namespace, name }, patch, { subresource: 'status' });
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(milliseconds, resolve));
  }

  /** What is deleted meanwhile needs nothing any more. */
  #soon(least: number, spread: number, work: () => Promise<void>): void {
    this.#options.clock.after(least + this.#options.random() * spread, () => {
      work().catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    });
  }
}

/** As the policy of an application has it; undefined when there is none. */
export function newestOf(tags: readonly string[], { prereleases }: Application): string | undefined {
  return tags
    .filter((tag) => minorOf(tag) >= 0 && (prereleases || !isPrerelease(tag)))
    .toSorted((one, other) => minorOf(other) - minorOf(one))[0];
}
