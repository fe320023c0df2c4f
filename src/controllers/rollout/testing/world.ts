/**
 * One Rollout `apps/app` with its policy, registry and targets, and a log of what its controller sends. `restart` makes
 * every object of the controller anew over the same cluster.
 */
import { isRecord } from '../../../api/json.ts';
import { type KubeObject, keyOf, keyText } from '../../../api/meta.ts';
import { Rollout, type RolloutSpec, type RolloutStatus } from '../../../api/rollout.ts';
import { createReleaseMemory } from '../../../integrations/flux/release-memory.ts';
import { MemoryCluster } from '../../../integrations/flux/testing/memory-cluster.ts';
import { ScriptedRegistry } from '../../../integrations/flux/testing/scripted-registry.ts';
import { refusalError } from '../../../kube/api-status.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { ApiStatusError } from '../../../kube/errors.ts';
import { createLiveReader } from '../../../kube/live-reader.ts';
import type { ControllerDefinition, ReconcileResult } from '../../../kube/reconciler.ts';
import { createFakeClock } from '../../../kube/testing/fake-clock.ts';
import { rolloutController } from '../controller.ts';
import type { RolloutControllerOptions } from '../options.ts';

const image = 'registry.example/app';
export const KEY = { namespace: 'apps', name: 'app' } as const;
export const VARIABLE = 'spec.postBuild.substitute.VERSION';
const flux = { image: 'image.toolkit.fluxcd.io/v1', kustomize: 'kustomize.toolkit.fluxcd.io/v1' } as const;

export class RolloutWorld {
  readonly cluster = new MemoryCluster();
  readonly registry = new ScriptedRegistry();
  readonly clock = createFakeClock('2026-01-05T12:00:00Z');
  readonly reader = createLiveReader(this.cluster);
  /** Requests of the controller, `verb Kind namespace/name`, and `event Reason`. Reads through the cache are none. */
  readonly sent: string[] = [];
  /** Refusals to come: an answer for a line of `sent`. */
  readonly refusals = new Map<string, ApiStatusError>();
  /** Called before a request is answered. */
  before: (line: string) => void = () => undefined;
  options: RolloutControllerOptions;
  controller: ControllerDefinition;

  constructor(spec: Partial<RolloutSpec> = {}) {
    this.cluster.put({
      apiVersion: flux.image,
      kind: 'ImageRepository',
      metadata: { name: 'app', namespace: 'apps', generation: 1 },
      spec: { image },
      status: { lastScanResult: { revision: 'scan-0' } },
    });
    this.put('Rollout', 'app', { spec: { releasesImagePolicy: { name: 'app' }, ...spec } });
    this.options = this.#options();
    this.controller = rolloutController(this.options);
  }

  #options(): RolloutControllerOptions {
    return {
      client: this.#client(),
      reader: this.reader,
      live: this.reader,
      registry: this.registry,
      memory: createReleaseMemory(),
      clock: this.clock,
      events: { record: (_regarding, { reason }) => void this.sent.push(`event ${reason}`) },
      defaultFailurePolicy: 'Rollback',
    };
  }

  /** A process of its own, which remembers nothing. */
  restart(): this {
    this.options = this.#options();
    this.controller = rolloutController(this.options);
    return this;
  }

  /** Pushes tags; Flux has seen them, the last is the newest. */
  release(...tags: string[]): this {
    this.registry.push(tags);
    const tag = tags.at(-1);
    this.cluster.put({
      apiVersion: flux.image,
      kind: 'ImagePolicy',
      metadata: { name: 'app', namespace: 'apps' },
      spec: { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '>=0.0.0' } } },
      status: { latestRef: { name: image, tag } },
    });
    return this;
  }

  put(
    kind: 'Rollout' | 'RolloutGate' | 'RolloutSchedule' | 'HealthCheck',
    name: string,
    fields: Record<string, unknown>,
  ): this {
    const { metadata, ...rest } = fields;
    this.cluster.put({
      apiVersion: Rollout.apiVersion,
      kind,
      metadata: { name, namespace: 'apps', generation: 1, uid: `uid-${name}`, ...(isRecord(metadata) && metadata) },
      ...rest,
    });
    return this;
  }

  target(name: string, version: string, ...variables: string[]): this {
    const named = variables.length === 0 ? ['VERSION'] : variables;
    const annotations = Object.fromEntries(
      named.map((variable) => [`rollout.kuberik.com/substitute.${variable}.from`, 'app']),
    );
    const substitute = Object.fromEntries(named.map((variable) => [variable, version]));
    this.cluster.put({
      apiVersion: flux.kustomize,
      kind: 'Kustomization',
      metadata: { name, namespace: 'apps', annotations },
      spec: { postBuild: { substitute } },
    });
    return this;
  }

  /** @throws what could not be done, as for the queue a failure is one wherever it comes from */
  async look(): Promise<ReconcileResult> {
    const { failure, ...result } = await this.controller.reconciler.reconcile(KEY, new AbortController().signal);
    if (failure !== undefined) throw failure;
    return result;
  }

  /** Looks until nothing is due at once; the requests of all of them. */
  async settle(): Promise<readonly string[]> {
    const from = this.sent.length;
    for (let look = 0; look < 10; look++) {
      const count = this.sent.length;
      const { requeueAt } = await this.look();
      const isDue = requeueAt !== undefined && Temporal.Instant.compare(requeueAt, this.clock.now()) <= 0;
      if (this.sent.length === count && !isDue) return this.sent.slice(from);
    }
    throw new Error(`no rest: ${this.sent.slice(from).join(', ')}`);
  }

  async rollout(): Promise<Rollout> {
    const rollout = await this.reader.get(Rollout, KEY);
    if (rollout === undefined) throw new Error('no Rollout');
    return rollout;
  }

  async status(): Promise<RolloutStatus> {
    return (await this.rollout()).status ?? {};
  }

  async carries(name: string, variable = 'VERSION'): Promise<unknown> {
    const { items } = await this.cluster.list({ apiVersion: flux.kustomize, kind: 'Kustomization' } as never);
    const object = items.find(({ metadata }) => metadata.name === name) as KubeObject & { spec?: unknown };
    return JSON.parse(JSON.stringify(object.spec)).postBuild.substitute[variable];
  }

  refuse(line: string, status: number, message = 'refused'): this {
    const target = { verb: line.split(' ')[0] ?? '', kind: line.split(' ')[1] ?? '', key: KEY };
    const body = { reason: 'Refused', message };
    this.refusals.set(line, refusalError({ target, status, body, now: this.clock.now() }));
    return this;
  }

  #client(): KubeClient {
    const { cluster } = this;
    const send = async <T>(verb: string, kind: string, name: string, answer: () => Promise<T>): Promise<T> => {
      const line = `${verb} ${kind} ${name}`;
      this.before(line);
      this.sent.push(line);
      const refusal = this.refusals.get(line);
      if (refusal !== undefined) throw refusal;
      return answer();
    };
    const never = (): never => {
      throw new Error('the Rollout controller does not do this');
    };
    return {
      list: never,
      watch: never,
      create: never,
      remove: never,
      get: (type, key) => send('get', type.kind, keyText(key), () => cluster.get(type, key)),
      replace: (type, object, options) => {
        const verb = options?.subresource === 'status' ? 'status' : 'replace';
        return send(verb, type.kind, keyText(keyOf(object)), () => cluster.replace(type, object, options));
      },
      patch: (type, key, patch, options) => {
        const verb = options?.subresource === 'status' ? 'status' : 'patch';
        return send(verb, type.kind, keyText(key), async () => {
          if (patch.type === 'json') return cluster.patch(type, key, patch);
          const { items } = await cluster.list(type, key);
          const present = items.find(({ metadata }) => metadata.name === key.name) as KubeObject & { status?: object };
          const body = patch.body as { status?: object };
          cluster.put({ ...present, status: { ...present.status, ...body.status } });
          return cluster.get(type, key);
        });
      },
      apply: (type, object, options) =>
        send('apply', type.kind, keyText(keyOf(object)), () => cluster.apply(type, object, options)),
    };
  }
}
