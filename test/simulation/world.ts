/** One world: everything that a plan speaks of, on one clock, with oracles that look on. */
import { HealthCheck } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { RolloutSchedule } from '../../src/api/rollout-schedule.ts';
import { randomOf } from '../support/random.ts';
import { SimulatedApiServer } from './api-server.ts';
import { type Application, type Setting, START, tagOf } from './application.ts';
import { SimulatedClient } from './client.ts';
import { Flux, imageOf, KUSTOMIZATIONS, kustomizationType, policyType, repositoryType } from './flux.ts';
import { Journal } from './journal.ts';
import { Judge } from './judge.ts';
import { VirtualClock } from './virtual-clock.ts';

const namespace = 'apps';
const namespaceType: ResourceType = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  parse: (object) => object as KubeObject,
};

export class SimulatedWorld {
  readonly setting: Setting;
  readonly clock = new VirtualClock(START);
  readonly journal = new Journal(this.clock);
  readonly api: SimulatedApiServer;
  readonly people: SimulatedClient;
  readonly flux: Flux;
  readonly #judge: Judge;

  constructor(setting: Setting) {
    this.setting = setting;
    const { clock, journal } = this;
    const { seed, applications } = setting;
    this.api = new SimulatedApiServer(clock, randomOf(seed + 1));
    const client = (actor: string, salt: number): SimulatedClient =>
      new SimulatedClient({ api: this.api, clock, journal, actor, random: randomOf(seed * 7 + salt) });
    this.people = client('people', 1);
    this.flux = new Flux(client('flux', 2), clock, randomOf(seed + 3));
    this.#judge = new Judge(client('judge', 4), clock, randomOf(seed + 5), this.variableOf);
    this.api.onWrite(({ type, resource, name, object, previous }) => {
      if (type === 'DELETED') return;
      if (resource === KUSTOMIZATIONS) this.flux.noticed(object, previous);
      for (const app of applications) {
        const isMine =
          (resource === KUSTOMIZATIONS && name === app.kustomization) ||
          (resource === 'kuberik.com/healthchecks' && name === app.name);
        if (app.check === 'foreign' && isMine) this.#judge.noticed(app);
      }
    });
  }

  /** The variable of its Kustomization that carries the version. */
  readonly variableOf = (app: string): string => app.replace('-', '_').toUpperCase();

  /** The tag of this minor, as it was pushed. */
  readonly known = (app: string, minor: number): string => {
    const crashing = tagOf({ minor, crashes: true });
    return this.flux.tagsOf(app).includes(crashing) ? crashing : tagOf({ minor });
  };

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(milliseconds, resolve));
  }

  /** Puts everything there that is there before the first release. */
  async populate(): Promise<void> {
    const { applications } = this.setting;
    await this.people.create(namespaceType, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (const kustomization of new Set(applications.map((app) => app.kustomization))) {
      const sharing = applications.filter((app) => app.kustomization === kustomization);
      const annotations = Object.fromEntries(
        sharing.map(({ name }) => [`rollout.kuberik.com/substitute.${this.variableOf(name)}.from`, name]),
      );
      const spec = { interval: '1h', path: './', prune: true, sourceRef: { kind: 'OCIRepository', name: 'manifests' } };
      await this.#create(kustomizationType, kustomization, spec, { annotations });
    }
    for (const app of applications) await this.#populate(app);
  }

  async createRollout({ name, check, spec }: Application): Promise<void> {
    const judged = check === 'none' ? {} : { healthCheckSelector: { matchLabels: { app: name } } };
    await this.#create(Rollout, name, { releasesImagePolicy: { name }, ...judged, ...spec }, { labels: { app: name } });
  }

  async #populate(app: Application): Promise<void> {
    const { name, check, flagGate, manualGate, opens, kustomization } = app;
    const labels = { app: name };
    await this.#create(repositoryType, name, { image: imageOf(name), interval: '1h' });
    const policy = { semver: { range: '>=0.0.0' } };
    await this.#create(policyType, name, { imageRepositoryRef: { name }, policy });
    const configMaps = { ...namespaceType, kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
    await this.people.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } });
    const annotations = { 'healthcheck.kuberik.com/kustomization': kustomization };
    if (check === 'foreign') await this.#create(HealthCheck, name, { class: 'somebody-elses' }, { labels });
    if (check === 'kustomization')
      await this.#create(HealthCheck, name, { class: 'kustomization' }, { labels, annotations });
    const rolloutRef = { name };
    if (flagGate) await this.#create(RolloutGate, `flag-${name}`, { rolloutRef, passing: true });
    const approval = { required: 1 };
    if (manualGate) await this.#create(RolloutGate, `board-${name}`, { rolloutRef, class: 'manual', approval });
    const rules = [{ name: 'day', timeRange: { start: opens, end: '18:00' } }];
    const rolloutSelector = { matchLabels: labels };
    if (opens !== undefined)
      await this.#create(RolloutSchedule, name, { rolloutSelector, action: 'Allow', timezone: 'UTC', rules });
    await this.createRollout(app);
  }

  async #create(type: ResourceType, name: string, spec: object, more: object = {}): Promise<void> {
    const { apiVersion, kind } = type;
    const object = { apiVersion, kind, metadata: { name, namespace, ...more }, spec };
    await this.people.create(type, object);
  }
}
