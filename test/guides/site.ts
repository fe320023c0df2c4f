/** Where a guide is run: a sandbox with an application, people who type, and what happens meanwhile. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseDuration } from '../../src/api/duration.ts';
import type { Metrics } from '../../src/kube/metrics.ts';
import { type Run, start } from '../cli/command.ts';
import { eventually } from '../support/eventually.ts';
import { type Asked, GateService } from '../support/gate-service.ts';
import {
  deploymentManifests,
  fills,
  gate,
  healthCheck,
  imagePolicy,
  imageRepository,
  judgedBy,
  kustomization,
  ociRepository,
  rollout,
} from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { startWorld, type World } from '../support/world.ts';
import { GuideClock } from './clock.ts';
import { WebService } from './web-service.ts';

/** A Friday, 17:40 in Zagreb, which is where the guides are read. */
const begin = '2026-03-06T16:40:00Z';
const zone = 'Europe/Zagreb';
const namespace = 'shop';
const application = 'my-app';
/** The service of the guides is one of this machine. */
const serviceName = 'https://changes.example.com';
/** And so are those that health checks ask. */
const webNames = ['http://prometheus.monitoring:9090', 'http://my-app.shop'] as const;

/** Where the controller of the guides shows its metrics. */
const metricsAt = 'http://localhost:8080/metrics';

/** What a comment `<!-- test: ... -->` of a guide may say, with the JSON behind it. */
const events: readonly (readonly [RegExp, (site: Site, word: string, json: string) => Promise<void>])[] = [
  [/^release (\S+)$/, (site, tag) => site.release(tag)],
  [/^release (\S+), which crashes$/, (site, tag) => site.release(tag, 'crash')],
  [/^release (\S+, whose alert \S+ fires)$/, (site, words) => site.releaseAlerting(words)],
  [/^the history is (.+)$/, (site, history) => site.reaches(history.split(', '))],
  [/^gate (\S+)$/, (site, name) => site.closedGate(name)],
  [/^operator (\S+)$/, (site, person) => site.bind(person, 'kuberik-operator')],
  [/^deployer (\S+)$/, (site, person) => site.bind(person, 'kuberik-deployer')],
  [/^it is (\S+)$/, (site, instant) => site.clock.putForwardTo(instant)],
  [/^(\S+) later$/, (site, span) => site.clock.putForwardTo(site.clock.now().add(parseDuration(span)).toString())],
  [/^the service is asked$/, (site, _, json) => site.wasAsked(json)],
  [/^the service answers 200, (.+)$/, (site, json) => site.serviceAnswers(200, json)],
  [/^the service answers (\d+)$/, (site, status, json) => site.serviceAnswers(Number(status), json)],
  [/^(http\S+) answers$/, (site, name, json) => site.webAnswers(name, 200, json)],
  [/^(http\S+) is broken$/, (site, name) => site.webAnswers(name, 500, '{}')],
];

export class Site implements AsyncDisposable {
  readonly clock: GuideClock;
  readonly #space: Space;
  readonly #service: GateService;
  /** By name. */
  readonly #web: ReadonlyMap<string, WebService>;
  readonly #metrics: Metrics;
  readonly #folder: string;
  readonly #owned: AsyncDisposableStack;

  private constructor(
    clock: GuideClock,
    space: Space,
    service: GateService,
    web: ReadonlyMap<string, WebService>,
    metrics: Metrics,
    folder: string,
    owned: AsyncDisposableStack,
  ) {
    this.clock = clock;
    this.#space = space;
    this.#service = service;
    this.#web = web;
    this.#metrics = metrics;
    this.#folder = folder;
    this.#owned = owned;
  }

  /** The Rollout `my-app` in the namespace `shop` runs v1.2.0; before it, v1.1.0 did. */
  static async open(): Promise<Site> {
    await using parts = new AsyncDisposableStack();
    const clock = new GuideClock(begin);
    const world = parts.use(await startWorld({ clock }));
    const service = parts.use(await GateService.start());
    const web = new Map<string, WebService>();
    for (const name of webNames) web.set(name, parts.use(await WebService.start()));
    const folder = mkdtempSync(join(tmpdir(), 'kuberik-guide-'));
    parts.defer(() => {
      rmSync(folder, { recursive: true });
    });
    writeFileSync(join(folder, 'config'), kubeconfig(world));
    const space = await deliver(world);
    return new Site(clock, space, service, web, world.sandbox.metrics, folder, parts.move());
  }

  /** Something happens that is nobody's command. */
  happens(text: string, json: string): Promise<void> {
    for (const [expression, act] of events) {
      const match = expression.exec(text);
      if (match !== null) return act(this, match[1] ?? '', json);
    }
    throw new Error(`"${text}" is nothing that can happen: see test/guides/site.ts`);
  }

  async release(tag: string, outcome?: string): Promise<void> {
    await this.#space.push(tag, { name: application, ...(outcome !== undefined && { outcome }) });
  }

  /** The alert of `v1.3.0, whose alert HighErrorRate fires` becomes active when the version is deployed. */
  async releaseAlerting(words: string): Promise<void> {
    const [tag = '', , , alertname = ''] = words.split(/,? /);
    await this.release(tag);
    const [entry] = await eventually(async () => {
      const entries = await this.#space.entries(application);
      expect(entries[0]?.version.tag).toBe(tag);
      return entries;
    });
    const labels = { alertname, app: application, severity: 'critical' };
    const alert = { labels, annotations: {}, state: 'firing', activeAt: entry?.timestamp, value: '1e+00' };
    const [prometheus] = webNames;
    const answer = { status: 'success', data: { alerts: [alert] } };
    await this.webAnswers(prometheus, 200, JSON.stringify(answer));
  }

  /** Newest first, such as `v1.3.0 Failed`. */
  async reaches(history: readonly string[]): Promise<void> {
    await eventually(async () => {
      const entries = await this.#space.entries(application);
      const now = entries.map(({ version, bakeStatus }) => `${version.tag} ${bakeStatus}`);
      expect(now.slice(0, history.length)).toEqual(history);
    });
  }

  async closedGate(name: string): Promise<void> {
    await this.#space.put(gate(name, application, { passing: false }));
  }

  /** Gives a person a role in the namespace. */
  async bind(person: string, role: string): Promise<void> {
    const { code, err } = await this.#kubectl([
      'create',
      'rolebinding',
      person,
      `--clusterrole=${role}`,
      `--user=${person}`,
    ]);
    expect(code, err).toBe(0);
  }

  serviceAnswers(status: number, json: string): Promise<void> {
    const answer = { status, body: JSON.parse(json) as unknown };
    this.#service.answer(namespace, () => answer);
    return Promise.resolve();
  }

  webAnswers(name: string, status: number, json: string): Promise<void> {
    const service = this.#web.get(name);
    if (service === undefined) throw new Error(`${name} is nobody: see test/guides/site.ts`);
    service.answer(status, JSON.parse(json));
    return Promise.resolve();
  }

  /** The last question is this, as far as anybody can know it. */
  async wasAsked(json: string): Promise<void> {
    await eventually(() => {
      const question = this.#service.asked(namespace).at(-1)?.question;
      const expected = JSON.parse(json) as Asked['question'];
      expect({ ...question, digest: expected.digest }).toEqual(expected);
    });
  }

  file(name: string, yaml: string): void {
    writeFileSync(join(this.#folder, name), yaml);
  }

  /** @param person empty: whoever may everything */
  async run(person: string, [program = '', ...words]: readonly string[]): Promise<Run> {
    const acting = person === '' ? [] : [`--as=${person}`];
    if (program === 'kubectl') return this.#kubectl([...acting, ...words]);
    if (program === 'curl' && words.at(-1) === metricsAt) {
      return { code: 0, out: await this.#metrics.registry.metrics(), err: '' };
    }
    if (program !== 'kuberik') throw new Error(`a guide runs kubectl and kuberik, and not ${program}`);
    const [verb = '', ...others] = words;
    const options = ['--kubeconfig', join(this.#folder, 'config'), ...acting];
    const run = await start([verb, ...options, ...others], { clock: this.clock, zone }).ended;
    return { ...run, out: this.#readable(run.out), err: this.#readable(run.err) };
  }

  apply(yaml: string): Promise<Run> {
    return this.#kubectl(['apply', '-f', '-'], yaml);
  }

  #kubectl(words: readonly string[], input = ''): Promise<Run> {
    const env = { ...process.env, KUBECONFIG: join(this.#folder, 'config'), KUBECACHEDIR: join(this.#folder, 'cache') };
    return new Promise((resolve) => {
      const options = { env, cwd: this.#folder, timeout: 60_000 };
      const child = execFile('kubectl', [...words], options, (error, out, err) => {
        const code = error === null ? 0 : 1;
        resolve({ code, out: this.#readable(out), err: this.#readable(err) });
      });
      const real = this.#origins().reduce((text, [name, origin]) => text.replaceAll(name, origin), input);
      child.stdin?.end(real);
    });
  }

  /** What is called so in the guides is there on this machine. */
  #origins(): readonly (readonly [name: string, origin: string])[] {
    const web = [...this.#web].map(([name, { origin }]) => [name, origin] as const);
    return [[serviceName, new URL(this.#service.url).origin], ...web];
  }

  #readable(text: string): string {
    return this.#origins().reduce((readable, [name, origin]) => readable.replaceAll(origin, name), text);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}

/** Of whoever may everything, and whose namespace is the application's. */
function kubeconfig({ sandbox }: World): string {
  const config = parse(sandbox.api.kubeconfig()) as { contexts: { context: object }[] };
  const contexts = config.contexts.map((entry) => ({ ...entry, context: { ...entry.context, namespace } }));
  return stringify({ ...config, contexts });
}

async function deliver(world: World): Promise<Space> {
  const space = await world.space(namespace);
  await space.pushManifests(deploymentManifests(space.image(application), 5));
  await space.push('v1.1.0', { name: application });
  await space.put(
    imageRepository(application, space.image(application)),
    imagePolicy(application),
    ociRepository(application, space.image('manifests')),
    kustomization(application, { targetNamespace: namespace }, fills(application)),
    healthCheck(application),
    rollout(application, judgedBy(application)),
  );
  await space.reaches(['v1.1.0 Succeeded Automatic'], application);
  await space.push('v1.2.0', { name: application });
  await space.reaches(['v1.2.0 Succeeded Automatic', 'v1.1.0 Succeeded Automatic'], application);
  return space;
}
