/** `registry` holds our OCI client against real registries that differ; each file of tests starts them once. */
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../../src/kube/clock.ts';
import type { ExchangeRecord } from '../../../src/oci/http.ts';
import { parseRepository } from '../../../src/oci/reference.ts';
import { createRegistry, type RegistryClient, type Target } from '../../../src/oci/registry-client.ts';
import { obtain } from '../control-plane/obtain.ts';
import { type RegistryName, registryNames, startRegistry } from '../control-plane/registries.ts';
import { Run } from '../control-plane/run.ts';

export const signal = new AbortController().signal;

/** What a registry does that another one does not. */
export interface Traits {
  /** Of `?n=`: the whole list, pages with `Link`, or pages without a word about more. */
  readonly pages: 'never' | 'with a link' | 'silently';
  /** A manifest of an OCI type for who does not accept it. */
  readonly unaccepted: 404 | 200;
  readonly referrers: boolean;
  /** 304 for a manifest that the client has. */
  readonly conditional: boolean;
  readonly mounts: boolean;
  readonly deletesTags: boolean;
}

export const traits: Readonly<Record<RegistryName, Traits>> = {
  'docker-registry': {
    pages: 'never',
    unaccepted: 404,
    referrers: false,
    conditional: true,
    mounts: true,
    deletesTags: false,
  },
  distribution: {
    pages: 'with a link',
    unaccepted: 404,
    referrers: false,
    conditional: true,
    mounts: true,
    deletesTags: true,
  },
  'go-containerregistry': {
    pages: 'silently',
    unaccepted: 200,
    referrers: true,
    conditional: false,
    mounts: false,
    deletesTags: true,
  },
};

export interface Host {
  readonly name: RegistryName;
  readonly traits: Traits;
  readonly client: RegistryClient;
  /** Every exchange of `client`, oldest first. */
  readonly exchanges: readonly ExchangeRecord[];
  /** A repository that nobody else uses: `host:port/name`. */
  repository(name: string): string;
  target(repository: string): Target;
  /** Without our client. The path stands below `/v2/`. */
  ask(method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** Call it at the top. The function that it returns is for inside of tests, and gives each a client of its own. */
export function eachRegistry(): (name: RegistryName) => Host {
  const parts = new AsyncDisposableStack();
  const hosts = new Map<RegistryName, string>();
  beforeAll(async () => {
    const run = parts.use(await Run.create('registries'));
    const obtained = await obtain();
    for (const name of registryNames) {
      hosts.set(name, (await startRegistry(run, obtained, name)).host);
    }
  });
  afterAll(() => parts.disposeAsync());
  return (name) => {
    const host = hosts.get(name);
    if (host === undefined) throw new Error('registries are there only inside of tests');
    const exchanges: ExchangeRecord[] = [];
    const client = parts.use(createRegistry({ clock: systemClock, onRequest: (one) => exchanges.push(one) }));
    return hostOf(name, host, client, exchanges);
  };
}

function hostOf(name: RegistryName, host: string, client: RegistryClient, exchanges: readonly ExchangeRecord[]): Host {
  return {
    name,
    traits: traits[name],
    client,
    exchanges,
    repository: (path) => `${host}/${path}-${Math.random().toString(36).slice(2, 8)}/app`,
    target: (repository) => ({ name: parseRepository(repository), access: {} }),
    ask: (method, path, headers = {}) => fetch(`http://${host}/v2/${path}`, { method, headers }),
  };
}

/** The path of a repository on its registry. */
export function pathOf(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1);
}
