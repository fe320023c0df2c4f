/** One soak: a plane, a fleet, people and kills for a while; then rest, and the verdict. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Freeze } from '../../src/api/freeze.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { createRegistry } from '../../src/oci/registry-client.ts';
import { run as command } from '../cluster/control-plane/command.ts';
import { type ControlPlane, connectionTo, startControlPlane } from '../cluster/control-plane/control-plane.ts';
import type { Part } from '../cluster/control-plane/part.ts';
import { Run } from '../cluster/control-plane/run.ts';
import { AuditLog, auditFlags, isWrite, type Request } from '../cluster/support/audit.ts';
import { serviceAccountToken, shipped } from '../cluster/support/controller.ts';
import { Controllers } from './controllers.ts';
import { drawFleet } from './fleet.ts';
import { amidWork, bounce, Killer, keepUp, sometime, type Victim } from './killer.ts';
import { Observer } from './observer.ts';
import { aloneShare, namespacesOf, paceOf, type SoakOptions } from './options.ts';
import { type Cost, inspectCost, inspectMemory, inspectRest, mostRequests } from './oracles/bounds.ts';
import { differences } from './oracles/convergence.ts';
import { inspectEnds } from './oracles/ends.ts';
import { Oracles } from './oracles/oracles.ts';
import { makeUpTheirMinds, People } from './people.ts';
import { settle } from './settle.ts';
import { Site } from './site.ts';
import { type Summary, violationText } from './summary.ts';
import { Surroundings } from './surroundings.ts';

export interface Soaked {
  readonly summary: Summary;
  /** What happened to a Rollout. */
  readonly storyOf: (rollout: string) => readonly string[];
}

const root = join(import.meta.dirname, '../..');
const tellEvery = 15_000;
const sampleEvery = 2000;

export async function soak(options: SoakOptions): Promise<Soaked> {
  const { seed, rollouts, seconds, restSeconds, tell } = options;
  const begun = performance.now();
  const since = (): number => Math.round((performance.now() - begun) / 1000);
  await using parts = new AsyncDisposableStack();
  const logs = parts.use(await Run.create('soak-audit'));
  const auditPath = join(logs.logs, 'audit.log');
  const apiServerFlags = [
    ...auditFlags(auditPath, join(logs.directory, 'policy.json')),
    // Events, too, are read from etcd.
    '--storage-media-type=application/json',
  ];
  const plane = parts.use(await startControlPlane({ name: 'soak', datadog: false, apiServerFlags }));
  const program = await bundle(plane);
  const registry = parts.use(createRegistry({ clock: systemClock, userAgent: 'soak' }));
  const { host } = plane.registry!;

  const firstMinute = Math.floor(Date.now() / 60_000);
  const namespaces = namespacesOf(rollouts);
  const fleet = drawFleet({ seed, rollouts, namespaces, firstMinute, minutes: Math.ceil(seconds / 60) });
  const oracles = new Oracles(fleet, (violation) => {
    tell(violationText(violation));
  });
  const observer = parts.use(new Observer(plane.etcdUrl, oracles.see));
  const site = new Site(fleet, plane.admin, registry.transport, host);
  tell(`makes ${rollouts} Rollouts, logs are in ${plane.run.logs}`);
  await site.populate();
  const surroundings = parts.use(new Surroundings(site, oracles.ledger, seed));
  const token = await serviceAccountToken(connectionTo(plane), shipped().serviceAccount);
  const controllers = parts.use(new Controllers(plane, program, token));
  const people = new People(site, seed, (app, what) => {
    oracles.note(`${app.namespace}/${app.name}`, what);
  });
  const killer = new Killer(victimsOf(plane, controllers, oracles, options), seed);

  const settling = { waiting: '' };
  const audit = new AuditLog(auditPath);
  const requests: Request[] = [];
  const releases = (): number => count(people.done, 'release') + count(people.done, 'failing release');
  const progress = (what: string): void => {
    const waiting = settling.waiting === '' ? '' : `; ${settling.waiting}`;
    const kills = [...killer.kills].map(([name, times]) => `${name} ${times}`).join(', ');
    tell(
      `${what}: ${releases()} releases, ${oracles.record.count} deployments, killed ${kills}, ${requests.length} requests, ${oracles.violations.length} violations${waiting}`,
    );
  };
  using everyNowAndThen = new DisposableStack();
  const often = (milliseconds: number, work: () => Promise<void> | void): void => {
    const timer = setInterval(() => void work(), milliseconds);
    everyNowAndThen.defer(() => {
      clearInterval(timer);
    });
  };
  let phase = 'alone';
  const readAudit = async (): Promise<void> => void requests.push(...(await audit.take()));
  often(tellEvery, async () => {
    await readAudit();
    progress(phase);
  });
  often(sampleEvery, () => controllers.sample());

  await sleep(seconds * 1000 * aloneShare);
  await controllers.arrange('replicas');
  phase = 'replicas';
  await sleep(seconds * 1000 * (1 - aloneShare));

  phase = 'comes to rest';
  await Promise.all([killer[Symbol.asyncDispose](), people[Symbol.asyncDispose]()]);
  const calm = performance.now();
  for (const part of everyPart(plane)) await keepUp(part);
  // It waits longer and longer before it looks again at an API server that was down.
  await plane.controllerManager?.restart();
  const last = new Map(
    await Promise.all(fleet.map(async (app) => [app.name, await makeUpTheirMinds(site, app)] as const)),
  );
  const helpedOut = await settle({ site, oracles, last, progress: settling });
  const settleSeconds = Math.round((performance.now() - calm) / 1000);
  await readAudit();
  const cost = {
    requests: [...requests],
    deployments: oracles.record.count,
    actions: rollouts + [...people.done.values()].reduce((sum, each) => sum + each, 0) + surroundings.done,
    starts: controllers.starts,
    outages: (killer.kills.get('etcd') ?? 0) + (killer.kills.get('kube-apiserver') ?? 0),
    rollouts,
  } satisfies Cost;
  inspectCost(cost, oracles.report);

  phase = 'at rest';
  await sleep(restSeconds * 1000);
  await readAudit();
  const atRest = requests.slice(cost.requests.length);
  inspectRest(atRest, oracles.report);
  await observer.caughtUp();
  await inspectWhatIsHeld(plane, oracles);
  await controllers.sample();
  inspectMemory(controllers.peakBytes, oracles.report);
  inspectEnds(controllers.ends, oracles.report);
  progress(phase);

  const summary: Summary = {
    seed,
    rollouts,
    namespaces,
    realRollouts: fleet.filter(({ isReal }) => isReal).length,
    seconds,
    settleSeconds,
    totalSeconds: since(),
    kills: Object.fromEntries(killer.kills),
    controllerStarts: controllers.starts,
    controllerEnds: countBy(controllers.ends.map(({ code }) => `exit ${code ?? 'by a signal'}`)),
    releases: fleet.reduce((sum, app) => sum + site.tagsOf(app).length, 0),
    failingReleases: count(people.done, 'failing release'),
    actions: Object.fromEntries([...people.done].filter(([name]) => !name.includes('release')).toSorted()),
    refusedActions: people.refused,
    helpedOut,
    deployments: Object.fromEntries([...oracles.record.deployments].toSorted()),
    targetWrites: oracles.targets.writes,
    eventsOfSuccess: oracles.events.told,
    versionsSeen: oracles.ledger.versions,
    observerWatches: observer.watches,
    requests: cost.requests.length,
    mostRequests: mostRequests(cost),
    writes: cost.requests.filter(isWrite).length,
    requestsByKind: countBy(cost.requests.map(({ verb, resource }) => `${verb} ${resource}`)),
    tornAuditLines: audit.torn,
    restSeconds,
    requestsAtRest: atRest.length,
    peakMegabytes: Math.ceil(controllers.peakBytes / 2 ** 20),
    violations: oracles.violations,
  };
  return { summary, storyOf: (rollout) => oracles.storyOf(rollout) };
}

/** As it is shipped; a copy, so that what is built meanwhile changes nothing. */
async function bundle(plane: ControlPlane): Promise<string> {
  await command(process.execPath, ['scripts/build.ts'], { cwd: root, timeout: 300_000 });
  const program = join(plane.run.directory, 'kuberik.mjs');
  copyFileSync(join(root, 'dist/kuberik.mjs'), program);
  return program;
}

function victimsOf(
  { apiServer, etcd }: ControlPlane,
  controllers: Controllers,
  oracles: Oracles,
  options: SoakOptions,
) {
  const { seconds, rollouts } = options;
  const part = (name: 'kube-apiserver' | 'etcd', victim: Part): Victim => {
    const { every, down } = paceOf(name, seconds);
    return { name, until: sometime(every), down, kill: (downFor) => bounce(victim, downFor) };
  };
  const controller: Victim = {
    name: 'controller',
    until: amidWork(() => oracles.written, Math.max(3, rollouts / 4)),
    down: [0, 3000],
    kill: (downFor, choice) => controllers.kill(choice, downFor),
  };
  return [controller, part('kube-apiserver', apiServer), part('etcd', etcd)];
}

function everyPart({ etcd, apiServer, controllerManager, kwok, flux = {} as never }: ControlPlane) {
  const all = [etcd, apiServer, controllerManager, kwok, ...Object.values(flux)];
  return all.filter((part) => part !== undefined);
}

/** What the API server says is what was seen: nothing is lost, and the observer has missed nothing. */
async function inspectWhatIsHeld({ admin }: ControlPlane, { ledger, report }: Oracles): Promise<void> {
  for (const type of [Rollout, RolloutGate, Freeze, Kustomization]) {
    const { items } = await admin.client.list(type);
    for (const difference of differences(items as never, type.plural, ledger)) report('lost', '', difference);
  }
}

const count = (counts: ReadonlyMap<string, number>, name: string): number => counts.get(name) ?? 0;

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, count(counts, name) + 1);
  return Object.fromEntries([...counts].toSorted());
}
