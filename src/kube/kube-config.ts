/**
 * Finds the cluster and its credentials with the official client's KubeConfig: contexts, exec plug-ins, OIDC, client
 * certificates, in-cluster tokens. The only file that imports that package.
 */
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { KubeConfig, type User } from '@kubernetes/client-node';
import { certificateIn, expiry, isPair } from './client-certificate.ts';
import type { Clock } from './clock.ts';
import type { ClientCertificate, KubeCluster } from './cluster.ts';
import { KubeError } from './errors.ts';
import { tokenFileOf } from './token-file.ts';

export interface KubeConfigOptions {
  /** File to read. Default: `KUBECONFIG`, then `~/.kube/config`, then the service account of the pod. */
  readonly kubeconfig?: string;
  /** Default: the current context. */
  readonly context?: string;
  readonly clock: Clock;
}

// The library reads files and asks plug-ins anew for every call; its own rule for a projected token is one minute.
const credentialsAge = 10_000;

/** @throws KubeError KBK_KUBE_CONFIG when there is no usable configuration. */
export async function loadKubeConfig(options: KubeConfigOptions): Promise<KubeCluster> {
  const config = readConfig(options);
  const cluster = config.getCurrentCluster();
  const context = config.getContextObject(config.getCurrentContext());
  if (cluster === null || context === null) {
    throw configError(`context "${config.getCurrentContext()}" names no cluster; choose one with --context`);
  }
  // KubeConfig refuses plain http without this; there is no certificate to skip.
  const effective = cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster;
  const user = config.getCurrentUser() ?? { name: 'anonymous' };
  const ready = new KubeConfig();
  ready.loadFromClusterAndUser(effective, user);

  const credentials = new Credentials(ready, options.clock, tokenFileOf(user, options.kubeconfig));
  const tls = await credentials.read();
  const certificate = certificateIn(tls);
  return {
    server: cluster.server.replace(/\/+$/, ''),
    ...(isPem(tls.ca) ? { ca: tls.ca } : {}),
    ...(certificate === undefined
      ? {}
      : { certificate: async (rejected = false) => (await credentials.now(rejected)).certificate ?? certificate }),
    ...(cluster.tlsServerName === undefined ? {} : { serverName: cluster.tlsServerName }),
    insecure: cluster.skipTLSVerify,
    ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
    namespace: context.namespace?.trim() || 'default',
    headers: async (rejected = false) => (await credentials.now(rejected)).headers,
    complaint: () => credentials.complaint(user),
  };
}

/** The contexts of a kubeconfig, for completion and messages. */
export function contextNames(options: Omit<KubeConfigOptions, 'clock'>): readonly string[] {
  return readConfig(options)
    .getContexts()
    .map((context) => context.name);
}

function readConfig({ kubeconfig, context }: Omit<KubeConfigOptions, 'clock'>): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (cause) {
    const where = kubeconfig ?? process.env.KUBECONFIG ?? '~/.kube/config';
    throw configError(`${where} cannot be read as a kubeconfig`, { cause });
  }
  // What the library makes up when it found nothing at all.
  const invented =
    config.getCurrentCluster()?.server === 'http://localhost:8080' && config.clusters[0]?.name === 'cluster';
  if (kubeconfig === undefined && invented) {
    throw configError('no kubeconfig and no service account found; set KUBECONFIG or pass --kubeconfig');
  }
  if (context === undefined) return config;
  if (config.getContextObject(context) === null) {
    const known = config.getContexts().map((each) => each.name);
    throw configError(`there is no context "${context}"; there are: ${known.join(', ') || 'none'}`);
  }
  config.setCurrentContext(context);
  return config;
}

/** What one request proves who we are with. */
interface Proof {
  readonly headers: Readonly<Record<string, string>>;
  readonly certificate?: ClientCertificate;
}

/** Asks KubeConfig for credentials once for many requests; one question at a time. */
class Credentials {
  readonly #config: KubeConfig;
  readonly #clock: Clock;
  readonly #tokenFile: string | undefined;
  #last: (Proof & { readonly at: number }) | undefined;
  #running: Promise<Proof> | undefined;

  constructor(config: KubeConfig, clock: Clock, tokenFile: string | undefined) {
    this.#config = config;
    this.#clock = clock;
    this.#tokenFile = tokenFile;
  }

  async now(rejected: boolean): Promise<Proof> {
    const now = this.#clock.now().epochMilliseconds;
    const last = this.#last;
    // A refused credential is asked for again at once, but not by every request of a burst.
    const fresh = rejected ? 1000 : credentialsAge;
    if (last !== undefined && now - last.at < fresh) return last;
    this.#running ??= this.#ask(now).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** What is wrong with them, as far as it can be seen from here. */
  complaint(user: User): string | undefined {
    if (this.#tokenFile !== undefined)
      return `the token in ${this.#tokenFile} is refused; see that it is renewed there`;
    const certificate = this.#last?.certificate;
    return certificate === undefined ? undefined : expiry(certificate, user, this.#clock.now());
  }

  async read(): Promise<RequestOptions> {
    const options: RequestOptions = { headers: {} };
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw credentialsError('the credentials of the kubeconfig cannot be had; try the same context with kubectl', {
        cause,
      });
    }
    return options;
  }

  async #ask(now: number): Promise<Proof> {
    const proof =
      this.#tokenFile === undefined ? proofIn(await this.read()) : { headers: await bearerFrom(this.#tokenFile) };
    const { certificate = this.#last?.certificate } = proof;
    this.#last = { at: now, headers: proof.headers, ...(certificate === undefined ? {} : { certificate }) };
    return this.#last;
  }
}

function proofIn(options: RequestOptions): Proof {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (typeof value === 'string') headers[name] = value.trim();
  }
  if (typeof options.auth === 'string') headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  const certificate = certificateIn(options);
  // Two files are renewed one after the other: half of a new pair is none.
  return { headers, ...(certificate !== undefined && isPair(certificate) && { certificate }) };
}

async function bearerFrom(file: string): Promise<Readonly<Record<string, string>>> {
  try {
    return { Authorization: `Bearer ${(await readFile(file, 'utf8')).trim()}` };
  } catch (cause) {
    throw credentialsError(`the token file ${file} of the kubeconfig cannot be read`, { cause });
  }
}

function isPem(value: unknown): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}

function configError(message: string, options?: ErrorOptions): KubeError {
  return new KubeError('KBK_KUBE_CONFIG', message, { kind: 'terminal' }, options);
}

/** They may be there again in a moment: whoever renews them may be at it. */
function credentialsError(message: string, options?: ErrorOptions): KubeError {
  return new KubeError('KBK_KUBE_CONFIG', message, { kind: 'retryable' }, options);
}
