/** Objects of a namespace whose every credential is a canary, used in every way that succeeds and in every way that fails. */
import type { KubeObject } from '../../src/api/meta.ts';
import { gate, imagePolicy, imageRepository, object, rollout } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import type { Canaries } from './canary.ts';
import { type HostileService, modes } from './hostile-service.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Planted {
  readonly gates: readonly string[];
  readonly checks: readonly string[];
  readonly rollouts: readonly string[];
  /** Paths of the service, and the canaries that it must be sent there. */
  readonly sent: ReadonlyMap<string, readonly string[]>;
}

/** What a registry may do; `hangs` takes it half a minute. */
const isOfRegistries = (mode: string): boolean => !/hangs|refuses|cut-at-[35]|prometheus|alerts|values/.test(mode);

/** Everything is written down first, and then put into the cluster at once. */
export class Planting {
  readonly #space: Space;
  readonly #canaries: Canaries;
  readonly #service: HostileService;
  readonly #objects: KubeObject[] = [];
  readonly #gates: string[] = [];
  readonly #checks: string[] = [];
  readonly #rollouts: string[] = ['gated', 'checked'];
  readonly #sent = new Map<string, readonly string[]>();

  readonly #modes: readonly string[];

  /** @param some modes of the service; default: all */
  constructor(space: Space, canaries: Canaries, service: HostileService, some: readonly string[] = modes) {
    this.#modes = some;
    this.#space = space;
    this.#canaries = canaries;
    this.#service = service;
  }

  async plant(): Promise<Planted> {
    await this.#space.push('v1.0.0');
    for (const mode of this.#modes) this.#usedBy(mode);
    this.#wrongSecrets();
    this.#wrongSpecs();
    for (const mode of this.#modes.filter(isOfRegistries)) this.#registries(mode);
    this.#wrongConfigs();
    const isSecret = ({ kind }: KubeObject): boolean => kind === 'Secret';
    await this.#create(this.#objects.filter(isSecret));
    await this.#create(this.#objects.filter((object) => !isSecret(object)));
    for (const name of ['gated', 'checked']) await this.#release(name);
    await this.#create([
      rollout('gated'),
      rollout('checked', { bakeTime: '1s', healthCheckSelector: { matchLabels: { app: 'checked' } } }),
      ...this.#rollouts.slice(2).map((name) => rollout(name)),
    ]);
    const [gates, checks, rollouts, sent] = [this.#gates, this.#checks, this.#rollouts, this.#sent];
    return { gates, checks, rollouts, sent };
  }

  async #create(objects: readonly KubeObject[]): Promise<void> {
    // The first of a kind finds out how it is addressed.
    const [first, ...rest] = objects;
    if (first !== undefined) await this.#space.create(first);
    for (let from = 0; from < rest.length; from += 16) {
      await Promise.all(rest.slice(from, from + 16).map((one) => this.#space.create(one)));
    }
  }

  async #release(name: string): Promise<void> {
    await this.#space.put(imageRepository(name, this.#space.image()), imagePolicy(name));
  }

  #secret(name: string, stringData: Readonly<Record<string, string>>): { name: string } {
    this.#objects.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData });
    return { name };
  }

  #gate(name: string, http: Fields): void {
    this.#gates.push(name);
    this.#objects.push(
      gate(name, 'gated', {
        class: 'http',
        http: { timeout: name.endsWith('hangs') ? '2s' : '20s', interval: '10s', ...http },
      }),
    );
  }

  #check(name: string, healthClass: string, options: Fields, annotations: Readonly<Record<string, string>> = {}): void {
    this.#checks.push(name);
    const field = { http: 'http', 'prometheus-alert': 'prometheusAlert', 'prometheus-query': 'prometheusQuery' }[
      healthClass
    ];
    const spec = {
      class: healthClass,
      interval: '5s',
      timeout: name.endsWith('hangs') ? '2s' : '20s',
      [field ?? '']: options,
    };
    this.#objects.push(
      object('kuberik.com/v1alpha1', 'HealthCheck', name, spec, { labels: { app: 'checked' }, annotations }),
    );
  }

  /** Each asks the service in a mode, with credentials of its own. */
  #usedBy(mode: string): void {
    const name = (what: string): string => `${what}-${mode}`;
    const put = (what: string, plant: (canary: (part: string) => string) => Readonly<Record<string, string>>) => {
      const parts: string[] = [];
      const data = plant((part) => {
        parts.push(`${name(what)} ${part}`);
        return this.#canaries.plant(`${name(what)} ${part}`);
      });
      this.#sent.set(`${what}/${mode}`, parts);
      return this.#secret(name(what), data);
    };
    const keys = (canary: (part: string) => string) => ({
      Authorization: `Bearer ${canary('authorization')}`,
      'X-Api-Key': canary('x-api-key'),
      'DD-API-KEY': canary('dd-api-key'),
      'DD-APPLICATION-KEY': `${canary('dd-application-key')}\n`,
    });
    this.#gate(name('gate'), { url: this.#service.url(`gate/${mode}`), headersSecretRef: put('gate', keys) });
    this.#gate(name('get-gate'), {
      url: this.#service.url(`get-gate/${mode}`),
      method: 'GET',
      success: 'body.message == int("1") || int(body.message) == 1',
      headersSecretRef: put('get-gate', keys),
    });
    this.#check(name('probe'), 'http', {
      url: this.#service.url(`probe/${mode}`),
      headersSecretRef: put('probe', (canary) => ({ 'X-Api-Key': canary('x-api-key') })),
    });
    const basic = (canary: (part: string) => string) => ({ username: 'somebody', password: canary('password') });
    this.#check(name('login'), 'http', {
      url: this.#service.url(`login/${mode}`),
      success: 'body.nothing.at.all == int(body.message)',
      expectedStatuses: [200, 302, 401, 403, 418, 500],
      secretRef: put('login', basic),
    });
    this.#check(name('alerts'), 'prometheus-alert', {
      url: this.#service.url(`alerts/${mode}`),
      secretRef: put('alerts', (canary) => ({ bearerToken: canary('bearerToken') })),
    });
    this.#check(name('query'), 'prometheus-query', {
      url: this.#service.url(`query/${mode}`),
      query: 'errors',
      thresholdRange: { max: 1 },
      secretRef: put('query', basic),
    });
  }

  /** They cannot be used, and what is said about that must not quote them. */
  #wrongSecrets(): void {
    const canary = (name: string): string => this.#canaries.plant(name);
    const headers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      control: { Authorization: `${canary('header with a control character')}\u0001` },
      lines: { Authorization: `a: b\r\n${canary('header of two lines')}: c` },
      long: { Authorization: `${canary('header that is too long')}${'x'.repeat(20_000)}` },
      many: Object.fromEntries(
        Array.from({ length: 70 }, (_, index) => [`h${index}`, canary(`header ${index} of many`)]),
      ),
      host: { Host: canary('header that cannot be chosen') },
    };
    for (const [name, data] of Object.entries(headers)) {
      const ref = this.#secret(`wrong-${name}`, data);
      this.#gate(`wrong-${name}`, { url: this.#service.url('ok'), headersSecretRef: ref });
      this.#check(`wrong-${name}`, 'http', { url: this.#service.url('ok'), headersSecretRef: ref });
    }
    const accesses: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      half: { password: canary('password without username') },
      both: {
        username: 'a',
        password: canary('password beside a token'),
        bearerToken: canary('token beside a password'),
      },
      'token-lines': { bearerToken: `a\n${canary('token of two lines')}` },
      'token-long': { bearerToken: `${canary('token that is too long')}${'x'.repeat(100_000)}` },
      authority: { 'ca.crt': `-----BEGIN CERTIFICATE-----\n${canary('certificate')}\n-----END CERTIFICATE-----` },
      pair: {
        'tls.crt': canary('tls.crt'),
        'tls.key': `-----BEGIN PRIVATE KEY-----\n${canary('tls.key')}\n-----END PRIVATE KEY-----`,
      },
    };
    for (const [name, data] of Object.entries(accesses)) {
      const secretRef = this.#secret(`wrong-${name}`, data);
      this.#gate(`wrong-${name}`, { url: this.#service.url('ok'), caSecretRef: secretRef });
      this.#check(`wrong-${name}`, 'http', { url: this.#service.url('ok'), secretRef });
      this.#check(`wrong-${name}-alert`, 'prometheus-alert', { url: this.#service.url('ok'), secretRef });
    }
    // TLS towards somebody who has none.
    const secretRef = this.#secret('no-tls', { bearerToken: canary('token for nobody') });
    const headersSecretRef = this.#secret('no-tls-headers', { Authorization: canary('header for nobody') });
    const url = this.#service.url('ok').replace('http:', 'https:');
    this.#gate('no-tls', { url, headersSecretRef });
    this.#check('no-tls', 'http', { url, secretRef, headersSecretRef });
    this.#check('no-tls-query', 'prometheus-query', { url, query: 'up', thresholdRange: { max: 1 }, secretRef });
  }

  /** Credentials where people put them although they do not belong there: they stay in that field. */
  #wrongSpecs(): void {
    const open = (name: string): string => encodeURIComponent(this.#canaries.plant(name));
    const plain = (name: string): string => this.#canaries.plant(name, true);
    const at = (path: string, user: string): string => this.#service.url(path).replace('//', `//somebody:${user}@`);
    for (const mode of ['ok', 'forbidden', 'refuses', 'text', 'prometheus', 'alerts', 'resets', 'cut-at-512']) {
      const query = (what: string): string =>
        `open/${mode}?token=${open(`query of ${what} ${mode}`)}&a=${plain(`plain query of ${what} ${mode}`)}`;
      this.#gate(`asked-${mode}`, { url: this.#service.url(query('gate')) });
      this.#gate(`asked-get-${mode}`, { url: this.#service.url(query('get gate')), method: 'GET' });
      this.#check(`asked-${mode}`, 'http', { url: this.#service.url(query('probe')) });
      this.#check(`asked-alert-${mode}`, 'prometheus-alert', { url: this.#service.url(query('alert')) });
      const headers = {
        Authorization: `Bearer ${plain(`header of ${mode}`)}`,
        'x-api-key': this.#canaries.plant(`key of ${mode}`),
      };
      this.#check(`headers-${mode}`, 'http', { url: this.#service.url(`open/${mode}`), headers });
    }
    for (const [name, url] of Object.entries({
      user: at('ok', open('user of a URL')),
      'no-url': `http://somebody:${plain('user of no URL')}@[`,
      'other-host': `http://somebody:${plain('user of another host')}@169.254.169.254/`,
    })) {
      this.#gate(`url-${name}`, { url });
      this.#check(`url-${name}`, 'http', { url });
      this.#check(`url-${name}-alert`, 'prometheus-alert', { url });
      const key = 'healthcheck.kuberik.com/prometheus-url';
      this.#check(
        `url-${name}-both`,
        'prometheus-alert',
        { url },
        { [key]: this.#service.url(`?t=${open(`annotation ${name}`)}`) },
      );
    }
  }

  #registry(name: string, image: string, config: string, isWhole = true): void {
    this.#rollouts.push(name);
    this.#objects.push({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      // What is no Docker config would not be let in under its own type.
      type: isWhole ? 'kubernetes.io/dockerconfigjson' : 'Opaque',
      stringData: { '.dockerconfigjson': config },
    });
    const repository = imageRepository(name, image);
    const spec = { ...(repository.spec as object), secretRef: { name } };
    this.#objects.push({ ...repository, spec }, imagePolicy(name));
  }

  /** A registry that repeats what it was shown, by itself or at the token endpoint that it names. */
  #registries(mode: string): void {
    const { namespace } = this.#space;
    for (const how of ['basic', 'token', 'refused'] as const) {
      const name = `${how}-${mode}`;
      const password = this.#canaries.plant(`${name} password`);
      const auth = Buffer.from(`somebody:${password}`).toString('base64');
      const config = {
        auths: { [this.#service.host]: how === 'basic' ? { auth } : { username: 'somebody', password } },
      };
      this.#registry(name, `${this.#service.host}/${namespace}/${how}/${mode}`, JSON.stringify(config));
      const path = { basic: `v2/${namespace}/basic/${mode}/`, token: `issue/${mode}`, refused: `tokens/${mode}` }[how];
      this.#sent.set(path, [`${name} password`]);
    }
    for (const kind of ['identitytoken', 'registrytoken']) {
      const name = `${kind}-${mode}`;
      const config = {
        auths: { [this.#service.host]: { [kind]: this.#canaries.plant(name, kind === 'registrytoken') } },
      };
      this.#registry(name, `${this.#service.host}/${namespace}/refused/${mode}`, JSON.stringify(config));
    }
  }

  #wrongConfigs(): void {
    const canary = (name: string): string => this.#canaries.plant(`config: ${name}`);
    const image = `${this.#service.host}/${this.#space.namespace}/basic/forbidden`;
    const { host } = this.#service;
    const configs: Readonly<Record<string, unknown>> = {
      text: canary('no JSON'),
      cut: JSON.stringify({ auths: { [host]: { auth: canary('JSON that is cut') } } }).slice(0, -2),
      list: JSON.stringify([canary('a list')]),
      'auth-no-pair': { auths: { [host]: { auth: Buffer.from(canary('auth without a colon')).toString('base64') } } },
      'auth-plain': { auths: { [host]: { auth: canary('auth that is no base64') } } },
      'entry-text': { auths: { [host]: canary('an entry that is a text') } },
      'key-with-user': { auths: { [`https://somebody:${canary('user in a key')}@${host}`]: 'no object' } },
      'key-with-user-auth': {
        auths: { [`https://somebody:${canary('user in a key with auth')}@${host}`]: { auth: 'x' } },
      },
      'key-is-secret': { auths: { [canary('a key')]: { auth: 'x' } } },
      helper: { credHelpers: { [host]: `../${canary('a helper')}` } },
      store: { auths: {}, credsStore: `a b${canary('a store')}` },
      old: JSON.stringify({ [host]: { auth: Buffer.from(canary('the old form')).toString('base64') } }),
    };
    for (const [name, config] of Object.entries(configs)) {
      this.#registry(`config-${name}`, image, typeof config === 'string' ? config : JSON.stringify(config), false);
    }
    const proxies: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      dead: { address: 'http://127.0.0.1:1', username: 'somebody', password: canary('password of a dead proxy') },
      refusing: {
        address: this.#service.url('forbidden'),
        username: 'somebody',
        password: canary('password of a proxy'),
      },
      user: { address: `http://somebody:${encodeURIComponent(canary('user of a proxy'))}@127.0.0.1:1` },
      'no-url': { address: `http://somebody:${canary('user of a proxy that is no URL')}@[` },
      scheme: { address: `socks5://somebody:${encodeURIComponent(canary('user of a socks proxy'))}@127.0.0.1:1` },
    };
    for (const [name, data] of Object.entries(proxies)) this.#access(`proxy-${name}`, image, 'proxySecretRef', data);
    const certificates: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      authority: { 'ca.crt': canary('certificate of an authority') },
      pair: { 'tls.crt': canary('certificate of a client'), 'tls.key': canary('key of a client') },
    };
    for (const [name, data] of Object.entries(certificates)) this.#access(`cert-${name}`, image, 'certSecretRef', data);
  }

  #access(name: string, image: string, field: string, data: Readonly<Record<string, string>>): void {
    this.#rollouts.push(name);
    const repository = imageRepository(name, image);
    const spec = { ...(repository.spec as object), [field]: this.#secret(name, data) };
    this.#objects.push({ ...repository, spec }, imagePolicy(name));
  }
}
