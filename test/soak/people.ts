/** What people do: a row for each kind. A new kind is a new row. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Approval } from '../../src/api/approval.ts';
import { Freeze } from '../../src/api/freeze.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { object } from '../support/objects.ts';
import { randomOf } from '../support/random.ts';
import { type Application, between, type Draw, MEDDLED, pick } from './fleet.ts';
import { persist, type Site } from './site.ts';

interface ActionKind {
  /** How often, compared with others. */
  readonly weight: number;
  /** @returns what is worth telling; undefined: there was nothing to do */
  carryOut(site: Site, app: Application, draw: Draw): Promise<string | undefined>;
}

/** The administrator's: an Approval says who it is by. */
const someone = 'admin';

async function annotate(site: Site, app: Application, values: Readonly<Record<string, string>>): Promise<string> {
  const entries = Object.entries(values).map(([key, value]) => [`rollout.kuberik.com/${key}`, value]);
  await site.patch(Rollout, app, app.name, { metadata: { annotations: Object.fromEntries(entries) } });
  return Object.values(values)[0] ?? '';
}

async function pin(site: Site, app: Application, wantedVersion: string | null): Promise<string> {
  await site.patch(Rollout, app, app.name, { spec: { wantedVersion } });
  return wantedVersion ?? '';
}

async function flag(site: Site, app: Application, passing: boolean): Promise<string | undefined> {
  if (!app.flagGate) return undefined;
  await site.patch(RolloutGate, app, `flag-${app.name}`, { spec: { passing } });
  return '';
}

async function approve(site: Site, app: Application, tag: string): Promise<string | undefined> {
  if (!app.manualGate) return undefined;
  const spec = { gateRef: { name: `board-${app.name}` }, version: tag, decision: 'Approve', by: someone };
  await site.create(object(Approval.apiVersion, 'Approval', `${app.name}-${tag}`, spec), app.namespace);
  return tag;
}

async function thaw(site: Site, app: Application): Promise<string> {
  await site.admin.client.remove(Freeze, { namespace: '', name: app.name }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  return '';
}

/** One of the last few. */
const recent = (site: Site, app: Application, draw: Draw): string => pick(draw, site.tagsOf(app).slice(-3));

const actionKinds = {
  pin: { weight: 1, carryOut: (site, app, draw) => pin(site, app, recent(site, app, draw)) },
  unpin: { weight: 3, carryOut: (site, app) => pin(site, app, null) },
  force: {
    weight: 1,
    carryOut: (site, app, draw) =>
      annotate(site, app, { 'force-deploy': recent(site, app, draw), 'deploy-user': someone }),
  },
  deploy: {
    weight: 1,
    carryOut: (site, app, draw) => annotate(site, app, { deploy: recent(site, app, draw), 'deploy-user': someone }),
  },
  rollback: { weight: 1, carryOut: (site, app) => annotate(site, app, { rollback: '' }) },
  retry: { weight: 1, carryOut: (site, app) => annotate(site, app, { retry: 'true' }) },
  unblock: { weight: 3, carryOut: (site, app) => annotate(site, app, { 'unblock-failed': 'true' }) },
  freeze: {
    weight: 2,
    async carryOut(site, { name }) {
      const spec = { reason: 'an incident', rolloutSelector: { matchLabels: { app: name } } };
      await site.create(object(Freeze.apiVersion, 'Freeze', name, spec));
      return '';
    },
  },
  thaw: { weight: 3, carryOut: thaw },
  close: { weight: 3, carryOut: (site, app) => flag(site, app, false) },
  open: { weight: 5, carryOut: (site, app) => flag(site, app, true) },
  approve: { weight: 6, carryOut: (site, app) => approve(site, app, site.newest(app)) },
  meddle: {
    weight: 2,
    async carryOut(site, app) {
      const body = { spec: { postBuild: { substitute: { [app.variable]: MEDDLED } } } };
      await site.patch(Kustomization, app, app.kustomization, body);
      return '';
    },
  },
  recreate: {
    weight: 1,
    async carryOut(site, app, draw) {
      await site.admin.client.remove(Rollout, app);
      await sleep(between(draw, 0, 5000));
      await persist(() => site.createRollout(app));
      return '';
    },
  },
} as const satisfies Record<string, ActionKind>;
export type ActionName = keyof typeof actionKinds;

const weighted = Object.entries(actionKinds).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name as ActionName),
);

/** A release fails so often. */
const failing = 0.25;
/** Milliseconds between two releases of one application, and between two other things that are done to it. */
const [releaseEvery, actEvery] = [80_000, 100_000];
/** On a fleet of few there is something to see, too; nobody does more than that many things at once. */
const [slowest, mostAtOnce] = [2500, 32];

export class People implements AsyncDisposable {
  readonly #site: Site;
  readonly #tell: (app: Application, what: string) => void;
  readonly #draw: Draw;
  readonly #over = new AbortController();
  readonly #loops: Promise<void>[];
  readonly #under = new Set<Promise<void>>();
  readonly done = new Map<string, number>();
  /** By the API server, or by its absence. */
  refused = 0;
  failures = 0;

  constructor(site: Site, seed: number, tell: (app: Application, what: string) => void) {
    this.#site = site;
    this.#tell = tell;
    this.#draw = randomOf(seed + 3);
    const { length } = site.fleet;
    this.#loops = [
      this.#again(releaseEvery / length, (app) => this.#release(app)),
      this.#again(actEvery / length, (app) => this.#act(app)),
    ];
  }

  /** Resolves when all that was begun is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#loops);
    await Promise.all(this.#under);
  }

  async #again(mean: number, work: (app: Application) => Promise<void>): Promise<void> {
    const { signal } = this.#over;
    while (true) {
      await sleep(2 * this.#draw() * Math.min(mean, slowest), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      if (this.#under.size >= mostAtOnce) continue;
      const one: Promise<void> = work(pick(this.#draw, this.#site.fleet)).finally(() => this.#under.delete(one));
      this.#under.add(one);
    }
  }

  async #release(app: Application): Promise<void> {
    const fails = this.#draw() < failing;
    const tag = await this.#site.release(app, fails);
    this.#count(fails ? 'failing release' : 'release');
    this.#tell(app, `release ${tag}`);
  }

  async #act(app: Application): Promise<void> {
    const name = pick(this.#draw, weighted);
    try {
      const what = await actionKinds[name].carryOut(this.#site, app, this.#draw);
      if (what === undefined) return;
      this.#count(name);
      this.#tell(app, `${name} ${what}`.trimEnd());
    } catch (error) {
      this.refused += 1;
      this.#tell(app, `${name} refused: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #count(name: string): void {
    this.done.set(name, (this.done.get(name) ?? 0) + 1);
  }
}

/** They make up their minds: nothing is held back any more, and a good release comes. @returns its tag */
export async function makeUpTheirMinds(site: Site, app: Application): Promise<string> {
  await persist(() => thaw(site, app));
  await persist(() => site.createRollout(app));
  await persist(() => flag(site, app, true));
  await persist(() => pin(site, app, null));
  return lastRelease(site, app);
}

/** A good one, which everybody whom it concerns approves, with all before it. */
export async function lastRelease(site: Site, app: Application): Promise<string> {
  const tag = await site.release(app);
  for (const each of app.manualGate ? site.tagsOf(app) : []) await persist(() => approve(site, app, each));
  return tag;
}

/** What only a person ends: a deployment failed and stays. */
export async function helpOut(site: Site, app: Application, tag: string): Promise<void> {
  await annotate(site, app, { 'force-deploy': tag, 'deploy-user': someone });
}
