/** One world: everything that a plan speaks of, on one clock, with oracles that look on. */
import { isConflict, isNotFound } from '../../src/kube/errors.ts';
import { randomOf } from '../support/random.ts';
import { SimulatedApiServer } from './api-server.ts';
import type { Application, Setting } from './application.ts';
import { START } from './chance.ts';
import { SimulatedClient } from './client.ts';
import { Deployments } from './deployments.ts';
import { Flux, newestOf } from './flux.ts';
import { Jobs } from './jobs.ts';
import { Journal } from './journal.ts';
import { Judge } from './judge.ts';
import { IMAGES, KUSTOMIZATIONS, namespaceType, REPOSITORIES } from './kinds.ts';
import { imageOf, variableOf } from './names.ts';
import { kustomizationOf, type Role, type Thing, thingsOf } from './objects.ts';
import { Operator } from './operator.ts';
import { SimulatedRegistry } from './registry.ts';
import { Services } from './services.ts';
import { minorOf, tagOf } from './versions.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Sky } from './weather.ts';
import { Workloads } from './workloads.ts';

export class SimulatedWorld {
  readonly setting: Setting;
  readonly clock = new VirtualClock(START);
  readonly journal = new Journal(this.clock);
  /** Over the services that the controllers ask. */
  readonly services = new Sky(this.clock);
  readonly api: SimulatedApiServer;
  readonly people: SimulatedClient;
  readonly registry = new SimulatedRegistry(this.clock, this.services);
  readonly workloads: Workloads;
  readonly flux: Flux;
  /** What controllers ask over the network. */
  readonly network: Services;
  readonly #operator: Operator;

  constructor(setting: Setting) {
    this.setting = setting;
    const { clock, journal, registry, services: weather } = this;
    const { seed, span } = setting;
    this.api = new SimulatedApiServer(clock, randomOf(seed + 1));
    const client = (actor: string, salt: number): SimulatedClient =>
      new SimulatedClient({ api: this.api, clock, journal, actor, random: randomOf(seed * 7 + salt) });
    const workloads = new Workloads(clock, seed, span);
    this.workloads = workloads;
    this.people = client('people', 1);
    this.flux = new Flux({
      client: client('flux', 2),
      clock,
      random: randomOf(seed + 3),
      registry,
      workloads,
      setting,
    });
    this.network = new Services({ setting, clock, journal, registry, workloads, weather });
    this.#operator = new Operator({ client: client('datadog', 6), clock, workloads, weather, span });
    const kubernetes = client('kubernetes', 7);
    const judge = new Judge(client('judge', 4), clock, randomOf(seed + 5), workloads);
    const deployments = new Deployments(kubernetes, workloads);
    const jobs = new Jobs(kubernetes, clock, randomOf(seed + 8));
    this.#watchFlux();
    this.#watchJudged(judge);
    this.#watchKubernetes(judge, deployments, jobs);
    this.api.onRestored(() => {
      this.flux.restored();
      for (const app of setting.applications) this.#follow(app, judge, deployments);
      void jobs.restored();
    });
  }

  /** The variable of its Kustomization that carries the version. */
  readonly variableOf = variableOf;

  /** The tag of this minor, as it was pushed. */
  readonly known = (app: Application, minor: number): string =>
    this.registry.tags(imageOf(app)).find((tag) => minorOf(tag) === minor) ?? tagOf({ minor });

  /** The newest release in the registry. */
  readonly newest = (app: Application): string =>
    newestOf(this.registry.tags(imageOf(app)), app) ?? tagOf({ minor: 0 });

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(milliseconds, resolve));
  }

  /** What an application has of this kind. */
  thingsOf(app: Application, role: Role): readonly Thing[] {
    return thingsOf(app, this.setting.span).filter((thing) => thing.role === role);
  }

  kustomizationOf(app: Application): Thing {
    const { namespace, kustomization } = app;
    const sharing = this.setting.applications.filter(
      (one) => one.namespace === namespace && one.kustomization === kustomization,
    );
    return kustomizationOf(sharing, this.setting.span);
  }

  /** Everything that somebody once applied and that is not there. */
  async makeMissing(): Promise<void> {
    const { applications, span } = this.setting;
    const things = applications.flatMap((app) => [this.kustomizationOf(app), ...thingsOf(app, span)]);
    for (const thing of things) {
      await this.make(thing).catch((error: unknown) => {
        if (!isConflict(error)) throw error;
      });
    }
  }

  async make({ type, object }: Thing): Promise<void> {
    await this.people.create(type, structuredClone(object));
  }

  /** Puts everything there that is there before the first release. */
  async populate(): Promise<void> {
    const { applications, span } = this.setting;
    for (const name of new Set(applications.map(({ namespace }) => namespace))) {
      const metadata = { name, labels: { team: name } };
      await this.people.create(namespaceType, { apiVersion: 'v1', kind: 'Namespace', metadata });
    }
    const made = new Set<string>();
    for (const app of applications) {
      const target = `${app.namespace}/${app.kustomization}`;
      if (!made.has(target)) await this.make(this.kustomizationOf(app));
      made.add(target);
      for (const thing of thingsOf(app, span)) await this.make(thing);
      if (app.check === 'datadog') this.#operator.watch(app);
    }
  }

  #watchFlux(): void {
    const watched = new Set([...IMAGES, KUSTOMIZATIONS, REPOSITORIES]);
    this.api.onWrite(({ type, resource, object, previous }) => {
      if (type !== 'DELETED' && watched.has(resource)) this.flux.noticed(resource, object, previous);
    });
    // Its watches are cut as well, and what it has done since then is not written any more.
    this.api.onRestored(({ collections }) => {
      for (const resource of watched) {
        for (const object of collections.get(resource) ?? []) this.flux.noticed(resource, object, undefined);
      }
    });
  }

  #watchJudged(judge: Judge): void {
    this.api.onWrite(({ type, resource, name, namespace }) => {
      if (type === 'DELETED' || resource !== 'kuberik.com/healthchecks') return;
      const app = this.setting.applications.find((one) => one.name === name && one.namespace === namespace);
      if (app?.check === 'foreign') judge.noticed(app);
    });
  }

  #watchKubernetes(judge: Judge, deployments: Deployments, jobs: Jobs): void {
    this.workloads.onChange((app) => {
      this.#follow(app, judge, deployments);
    });
    this.api.onWrite(({ type, resource, object }) => {
      if (type === 'ADDED' && resource === 'batch/jobs') jobs.created(object);
    });
  }

  /** Says how an application is that runs another version, or is otherwise than it was. */
  #follow(app: Application, judge: Judge, deployments: Deployments): void {
    if (app.check === 'foreign') judge.noticed(app);
    if (app.check !== 'kustomization' || this.workloads.runningOf(app) === undefined) return;
    deployments.follow(app).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}
