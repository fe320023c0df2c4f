/** What the controllers ask over the network: Prometheus, applications themselves, and who allows versions. */
import type { HttpAsker, Question } from '../../src/integrations/http/ask.ts';
import { UnansweredError } from '../../src/integrations/http/unanswered.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { type Application, keyTextOf, type Setting } from './application.ts';
import { START } from './chance.ts';
import type { Journal } from './journal.ts';
import { hostOf, imageOf } from './names.ts';
import type { SimulatedRegistry } from './registry.ts';
import { chanceOf } from './versions.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { ServiceName, ServiceWeather } from './weather.ts';
import type { Workloads } from './workloads.ts';

export interface ServicesOptions {
  readonly setting: Setting;
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly registry: SimulatedRegistry;
  readonly workloads: Workloads;
  readonly weather: ServiceWeather;
}

export const GATE_HOST = 'gate.example';
export const PROMETHEUS_HOST = 'prometheus.example';

interface Reply {
  /** Milliseconds. */
  readonly after: number;
  /** Undefined: nobody answers. */
  readonly status?: number;
  readonly body?: unknown;
}

const usual = 20;
/** Longer than anybody waits. */
const late = 70_000;

export class Services {
  readonly #options: ServicesOptions;
  /** By version, what was said of it last. */
  readonly #said = new Map<string, string>();

  constructor(options: ServicesOptions) {
    this.#options = options;
  }

  /** For one process. @param clock that ends with it */
  asker(clock: Clock): HttpAsker {
    return {
      ask: async (question, signal) => {
        const { after, status, body = '' } = this.#reply(question);
        await clock.sleep(Math.min(after, question.timeout), signal);
        this.#options.clock.stir();
        if (after > question.timeout) throw new UnansweredError('connection', 'no answer in time');
        if (status === undefined) throw new UnansweredError('connection', 'connection refused');
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        return { status, headers: () => [], body: Buffer.from(text), url: question.url };
      },
      close: () => Promise.resolve(),
    };
  }

  #reply(question: Question): Reply {
    const { hostname } = question.url;
    const name: ServiceName = hostname === PROMETHEUS_HOST ? 'prometheus' : 'http';
    const fate = this.#options.weather.fateOfService(name, hostname);
    if (fate.is === 'down') return { after: usual };
    if (fate.is === 'lying') return { after: usual, status: 200, body: 'certainly' };
    const reply = this.#answer(question);
    return fate.is === 'slow' ? { ...reply, after: reply.after + fate.by } : reply;
  }

  #answer(question: Question): Reply {
    const { hostname } = question.url;
    if (hostname === GATE_HOST) return this.#decide(question);
    if (hostname === PROMETHEUS_HOST) return { after: usual, status: 200, body: this.#measure(question.url) };
    const app = this.#options.setting.applications.find((one) => hostOf(one) === hostname);
    const condition = app === undefined ? 'absent' : this.#options.workloads.conditionOf(app);
    if (condition === 'healthy') return { after: usual, status: 200 };
    return condition === 'unhealthy' ? { after: usual, status: 503 } : { after: usual };
  }

  /** https://prometheus.io/docs/prometheus/latest/querying/api/ */
  #measure({ pathname, searchParams }: URL): object {
    const { applications } = this.#options.setting;
    const { workloads } = this.#options;
    const success = (data: object): object => ({ status: 'success', data });
    if (pathname.endsWith('/alerts')) {
      const firing = applications.filter((app) => workloads.conditionOf(app) === 'unhealthy');
      const alerts = firing.map((app) => ({
        state: 'firing',
        labels: { alertname: 'Broken', app: keyTextOf(app) },
        activeAt: Temporal.Instant.fromEpochMilliseconds(workloads.changedAt(app)).toString(),
        value: '1',
        annotations: {},
      }));
      return success({ alerts });
    }
    if (pathname.endsWith('/runtimeinfo')) return success({ startTime: START.subtract({ hours: 72 }).toString() });
    const query = searchParams.get('query') ?? '';
    const app = applications.find((one) => query.includes(`"${keyTextOf(one)}"`));
    const condition = app === undefined ? 'absent' : workloads.conditionOf(app);
    const value = [this.#options.clock.milliseconds / 1000, condition === 'unhealthy' ? '1' : '0'];
    const isKnown = condition === 'healthy' || condition === 'unhealthy';
    const result = isKnown ? [{ metric: {}, value }] : [];
    return success({ resultType: 'vector', result });
  }

  #decide({ body }: Question): Reply {
    const { rollout, namespace, version } = JSON.parse(String(body)) as Record<string, string>;
    const app = this.#options.setting.applications.find((one) => one.name === rollout && one.namespace === namespace);
    if (app === undefined || version === undefined) return { after: usual, status: 404 };
    const reply = this.#decision(app, version);
    const key = `${keyTextOf(app)} ${version}`;
    const said = reply.after > usual ? 'nothing in time' : JSON.stringify(reply.body);
    if (this.#said.get(key) !== said) this.#options.journal.note('service', `${said} to ${key}`);
    this.#said.set(key, said);
    return reply;
  }

  /** Sooner or later everything is allowed: at the end, when people make up their minds, so do services. */
  #decision(app: Application, tag: string): Reply {
    const { clock, registry, setting } = this.#options;
    const { seed, span } = setting;
    const yes = { after: usual, status: 200, body: { allowed: true } };
    if (clock.milliseconds >= START.epochMilliseconds + span.closing) return yes;
    const chance = chanceOf(seed, 'gate', keyTextOf(app), tag);
    const age = clock.milliseconds - registry.pushedAt(imageOf(app), tag);
    const isDecided = age >= chanceOf(seed, 'decision', tag) * span.longestDecision;
    if (chance < 0.5) return yes;
    if (chance < 0.6) return { after: usual, status: 403, body: { allowed: false, message: 'never' } };
    if (isDecided) return yes;
    if (chance < 0.85) return { after: usual, status: 200, body: { allowed: false, message: 'not yet' } };
    if (chance < 0.93) return { ...yes, after: late };
    return { after: usual, status: 200, body: { allowed: 'perhaps' } };
  }
}
