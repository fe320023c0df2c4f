/** Credentials that run out while the process runs: tokens that are revoked, client certificates that expire. */
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/kube/clock.ts';
import { createKubeClient, type HttpKubeClient } from '../../../src/kube/http-client.ts';
import { loadKubeConfig } from '../../../src/kube/kube-config.ts';
import { createFakeClock } from '../../../src/kube/testing/fake-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { instead } from '../../support/instead.ts';
import { type User, writeKubeconfig } from '../control-plane/credentials.ts';
import { Mirror } from './support/mirror.ts';
import { type CertificateFiles, everything, serviceAccount, signCertificate, tokenOf } from './support/people.ts';
import { ownPlane, runtimeClient } from './support/plane.ts';
import { ConfigMap, change, setting } from './support/settings.ts';

const namespace = 'default';
const plane = ownPlane('runtime-credentials');

async function clientFor(name: string, user: User): Promise<HttpKubeClient & AsyncDisposable> {
  const { run, server, caFile } = plane();
  const kubeconfig = writeKubeconfig(join(run.directory, `${name}.kubeconfig`), server, caFile, user);
  const client = createKubeClient({
    cluster: await loadKubeConfig({ kubeconfig, clock: systemClock }),
    clock: systemClock,
  });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

/** One request after the other; what came of each. */
class Requests implements AsyncDisposable {
  /** Undefined: it went well. */
  readonly outcomes: (Error | undefined)[] = [];
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(client: HttpKubeClient, name: string) {
    this.#running = this.#run(client, name);
  }

  async #run(client: HttpKubeClient, name: string): Promise<void> {
    while (!this.#stopped) {
      const outcome = client.get(ConfigMap, { namespace, name }).then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      this.outcomes.push(await outcome);
      await sleep(50);
    }
  }

  get errors(): readonly Error[] {
    return this.outcomes.filter((outcome) => outcome !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}

/** Watches that end every two seconds, so that each must be let in anew. */
const shortWatches = (client: HttpKubeClient) =>
  instead(client, { watch: (type, options) => client.watch(type, { ...options, timeoutSeconds: 2 }) });

test.concurrent('a token that is revoked is replaced by the one that its file has then, without a restart', async () => {
  const name = 'by-token';
  await using admin = runtimeClient(plane());
  await admin.create(ConfigMap, setting(name, namespace));
  await serviceAccount(plane(), name, [everything]);
  const tokenFile = join(plane().run.directory, 'token');
  writeFileSync(tokenFile, await tokenOf(plane(), name, 'old'));
  await using client = await clientFor(name, { tokenFile });
  await using mirror = new Mirror(shortWatches(client), namespace);
  await mirror.informer.ready(30_000);
  await using requests = new Requests(client, name);
  await eventually(() => {
    expect(requests.outcomes.length).toBeGreaterThan(5);
  });
  expect(requests.errors).toEqual([]);

  await plane().admin.client.remove(await secretType(), { namespace, name: 'old' });
  await eventually(() => {
    expect(requests.errors.length).toBeGreaterThan(0);
    expect(mirror.informer.fault).toMatchObject({ status: 401 });
  });
  expect(requests.errors[0]).toMatchObject({ status: 401, disposition: { kind: 'retryable' } });
  expect(requests.errors[0]?.message).toContain(`the token in ${tokenFile} is refused; see that it is renewed there`);

  const renewed = await tokenOf(plane(), name, 'new');
  writeFileSync(`${tokenFile}.next`, renewed);
  renameSync(`${tokenFile}.next`, tokenFile);
  const { length } = requests.outcomes;
  await eventually(() => {
    expect(requests.outcomes.slice(length)).toContain(undefined);
  });
  const errors = requests.errors.length;
  await change(admin, namespace, name, 'seen');
  await eventually(() => {
    expect(mirror.values(name)).toEqual(['first', 'seen']);
    expect(mirror.informer.fault).toBeUndefined();
  });
  expect(requests.errors.length).toBe(errors);
  expect(requests.errors.some(({ message }) => message.includes(renewed))).toBe(false);
});

async function secretType() {
  const type = await plane().admin.types('v1', 'Secret', new AbortController().signal);
  if (type === undefined) throw new Error('no Secrets');
  return type;
}

function certificateFiles(name: string): CertificateFiles {
  return { certificate: join(plane().run.directory, `${name}.crt`), key: join(plane().run.directory, `${name}.key`) };
}

const userOf = ({ certificate, key }: CertificateFiles): User => ({
  'client-certificate': certificate,
  'client-key': key,
});

test.concurrent('a client certificate that is renewed in time is taken up without one failed request', async () => {
  const name = 'renewed-in-time';
  await using admin = runtimeClient(plane());
  await admin.create(ConfigMap, setting(name, namespace));
  const files = certificateFiles(name);
  const validity = 8;
  await signCertificate(plane(), files, validity);
  const expired = performance.now() + validity * 1000;
  await using client = await clientFor(name, userOf(files));
  await using mirror = new Mirror(shortWatches(client), namespace);
  await mirror.informer.ready(30_000);
  await using requests = new Requests(client, name);
  await eventually(() => {
    expect(requests.outcomes).toContain(undefined);
  });
  await signCertificate(plane(), files, 3600);
  await eventually(() => {
    expect(performance.now()).toBeGreaterThan(expired + 2000);
  });
  const { length } = requests.outcomes;
  await change(admin, namespace, name, 'seen');
  await eventually(() => {
    expect(requests.outcomes.length).toBeGreaterThan(length + 5);
    expect(mirror.values(name)).toEqual(['first', 'seen']);
  });
  expect(requests.errors).toEqual([]);
  expect(mirror.informer.fault).toBeUndefined();
});

test.concurrent('an expired client certificate says since when and what to do, and is healed by a new file', async () => {
  const name = 'renewed-too-late';
  await using admin = runtimeClient(plane());
  await admin.create(ConfigMap, setting(name, namespace));
  const files = certificateFiles(name);
  await signCertificate(plane(), files, 3);
  await using client = await clientFor(name, userOf(files));
  await using mirror = new Mirror(shortWatches(client), namespace);
  await using requests = new Requests(client, name);
  const complaint = `: the client certificate of user "it" expired at `;
  await eventually(() => {
    expect(requests.errors.at(-1)?.message).toContain(complaint);
    expect(mirror.informer.fault?.message).toContain(complaint);
  });
  expect(requests.errors.at(-1)).toMatchObject({ status: 401, disposition: { kind: 'retryable' } });
  expect(requests.errors.at(-1)?.message).toMatch(
    new RegExp(`expired at [-0-9]+T[0-9:]+Z; renew ${files.certificate} and ${files.key}, which are read again$`),
  );
  await signCertificate(plane(), files, 3600);
  const { length } = requests.outcomes;
  await eventually(() => {
    expect(requests.outcomes.slice(length)).toContain(undefined);
    expect(mirror.informer.fault).toBeUndefined();
  });
  await change(admin, namespace, name, 'seen');
  await eventually(() => {
    expect(mirror.values(name).at(-1)).toBe('seen');
  });
});

test.concurrent('half of a renewed pair is no certificate: the old one is used until both files are new', async () => {
  const [old, fresh] = [certificateFiles('pair'), certificateFiles('pair-renewed')];
  await signCertificate(plane(), old, 3600);
  await signCertificate(plane(), fresh, 3600);
  const { run, server, caFile } = plane();
  const kubeconfig = writeKubeconfig(join(run.directory, 'pair.kubeconfig'), server, caFile, userOf(old));
  const clock = createFakeClock();
  const { certificate } = await loadKubeConfig({ kubeconfig, clock });
  const present = async () => {
    const { cert, key } = (await certificate?.()) ?? {};
    return [String(cert), String(key)];
  };
  const written = ({ certificate: cert, key }: CertificateFiles) =>
    [cert, key].map((file) => readFileSync(file, 'utf8'));
  const [first, second] = [written(old), written(fresh)];
  expect(await present()).toEqual(first);
  copyFileSync(fresh.key, old.key);
  await clock.advance(10_000);
  expect(await present()).toEqual(first);
  copyFileSync(fresh.certificate, old.certificate);
  await clock.advance(10_000);
  expect(await present()).toEqual(second);
});
