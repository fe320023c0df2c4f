/**
 * Leader election with a Lease, as client-go does it, so that controllers of either implementation exclude each other:
 * https://pkg.go.dev/k8s.io/client-go/tools/leaderelection
 */
import Type, { type Static } from 'typebox';
import { parserFor } from '../api/define-resource.ts';
import { ObjectMeta } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { Random } from './backoff.ts';
import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { isConflict, isNotFound, KubeError } from './errors.ts';
import type { Logger } from './logger.ts';

const LeaseSchema = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  metadata: ObjectMeta,
  spec: Type.Optional(
    Type.Object({
      holderIdentity: Type.Optional(Type.String()),
      leaseDurationSeconds: Type.Optional(Type.Integer()),
      acquireTime: Type.Optional(Type.String()),
      renewTime: Type.Optional(Type.String()),
      leaseTransitions: Type.Optional(Type.Integer()),
    }),
  ),
});
export type Lease = Static<typeof LeaseSchema> & { readonly [field: string]: unknown };

/** coordination.k8s.io/v1 Lease. */
export const Lease: ResourceType<Lease> = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  parse: parserFor('Lease', LeaseSchema),
};

/** The lease that every Kuberik controller of a cluster competes for. */
export const leaseName = '8108ddc4.kuberik.com';

export interface LeaseOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Who we are; different for every process, for example host name and a UUID. */
  readonly identity: string;
  readonly namespace: string;
  /** Default: `leaseName`. */
  readonly name?: string;
}

// The library's own timings, which both sides must share.
const leaseDuration = 15_000;
const renewDeadline = 10_000;
const retryPeriod = 2000;
// A connection can die without a word: a try on it leaves time for another one.
const tryDeadline = renewDeadline / 2;
// A lease that is not given back runs out by itself: an end is not held up for longer than this.
const releaseDeadline = 5000;

/** One candidate: `acquire`, then `hold`, then `release`. */
export class LeaderLease {
  readonly #options: LeaseOptions;
  readonly #name: string;
  /** The lease as last seen, and when it was last seen to change: clocks of others are not believed. */
  #observed: { readonly lease: Lease; readonly at: number } | undefined;
  /** When the request was sent that made us the holder, or kept us so. */
  #renewed: number | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#name = options.name ?? leaseName;
  }

  /** Resolves when this process leads; rejects with the signal's reason when it is aborted. */
  async acquire(signal: AbortSignal): Promise<void> {
    const { clock, logger, namespace, random } = this.#options;
    while (!(await this.#tryWithin(signal, tryDeadline))) await clock.sleep(retryPeriod * (1 + random() * 1.2), signal);
    logger.info({ lease: `${namespace}/${this.#name}` }, 'leading');
  }

  /**
   * Renews for as long as it can; resolves when the signal is aborted.
   * @throws KubeError KBK_KUBE_LEASE_LOST; the process has to end, since another one may lead already.
   */
  async hold(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    let renewed = clock.now().epochMilliseconds;
    while (!signal.aborted) {
      await clock.sleep(retryPeriod, signal).catch(() => undefined);
      if (isAborted(signal)) return;
      const left = renewed + renewDeadline - clock.now().epochMilliseconds;
      if (left <= 0 || !(await this.#tryWithin(signal, Math.min(left, tryDeadline)))) {
        if (isAborted(signal)) return;
        if (this.#holder() !== this.#options.identity) throw this.#lost(`${this.#holder() ?? 'nobody'} holds it now`);
        if (clock.now().epochMilliseconds - renewed >= renewDeadline)
          throw this.#lost('it could not be renewed in time');
        continue;
      }
      renewed = clock.now().epochMilliseconds;
    }
  }

  /**
   * @throws KubeError KBK_KUBE_LEASE_LOST when somebody else may lead already, as far as this process can tell by its
   * clock alone, which goes on while the process is frozen.
   */
  check(): void {
    const { clock } = this.#options;
    const age = clock.now().epochMilliseconds - (this.#renewed ?? Number.NEGATIVE_INFINITY);
    if (age >= leaseDuration) throw this.#lost(`not renewed for ${leaseDuration / 1000} s, so nothing is written`);
  }

  /** Lets another candidate lead at once. Does nothing when somebody else holds the lease. */
  async release(): Promise<void> {
    const { client, clock, identity } = this.#options;
    const lease = this.#observed?.lease;
    this.#renewed = undefined;
    if (lease === undefined || lease.spec?.holderIdentity !== identity) return;
    const now = microTime(clock.now());
    const spec = {
      leaseDurationSeconds: 1,
      leaseTransitions: lease.spec.leaseTransitions ?? 0,
      holderIdentity: '',
      acquireTime: now,
      renewTime: now,
    };
    const cut = new AbortController();
    using late = clock.after(releaseDeadline, () => {
      const message = `lease ${lease.metadata.namespace ?? ''}/${this.#name}: not released within ${releaseDeadline} ms`;
      cut.abort(new KubeError('KBK_KUBE_CONNECTION', message, { kind: 'retryable' }));
    });
    this.#see(await client.replace(Lease, { ...lease, spec }, { signal: cut.signal }));
    late[Symbol.dispose]();
  }

  /** One try within `bound` milliseconds. */
  async #tryWithin(signal: AbortSignal, bound: number): Promise<boolean> {
    const cut = new AbortController();
    const { clock, logger, namespace } = this.#options;
    const giveUp = (): void => {
      logger.warn({ lease: `${namespace}/${this.#name}`, milliseconds: bound }, 'the lease is out of reach: no answer');
      cut.abort(new Error(`no answer within ${bound} ms`));
    };
    let unread: NodeJS.Immediate | undefined;
    const timer = clock.after(bound, () => {
      // After a long task of this process timers come first, and the answer may lie there unread.
      unread = setImmediate(giveUp);
    });
    try {
      return await this.#try(AbortSignal.any([signal, cut.signal]));
    } finally {
      timer[Symbol.dispose]();
      clearImmediate(unread);
    }
  }

  /** True: we hold the lease, written just now. Faults of the API server count as false. */
  async #try(signal: AbortSignal): Promise<boolean> {
    const { client, clock, identity, logger, namespace } = this.#options;
    signal.throwIfAborted();
    try {
      const lease = await this.#read(signal);
      const sent = clock.now().epochMilliseconds;
      if (lease === undefined) {
        const spec = this.#spec(undefined);
        const object = {
          apiVersion: Lease.apiVersion,
          kind: Lease.kind,
          metadata: { name: this.#name, namespace },
          spec,
        };
        this.#see(await client.create(Lease, object, { signal }));
        this.#renewed = sent;
        return true;
      }
      this.#see(lease);
      const holder = lease.spec?.holderIdentity ?? '';
      const lasts = (lease.spec?.leaseDurationSeconds ?? leaseDuration / 1000) * 1000;
      const expired = (this.#observed?.at ?? 0) + lasts <= clock.now().epochMilliseconds;
      if (holder !== '' && holder !== identity && !expired) return false;
      this.#see(await client.replace(Lease, { ...lease, spec: this.#spec(lease) }, { signal }));
      this.#renewed = sent;
      return true;
    } catch (error) {
      if (isAborted(signal)) return false;
      if (!(error instanceof KubeError) || error.code === 'KBK_KUBE_LEASE_LOST') throw error;
      if (!isConflict(error))
        logger.warn({ err: error, lease: `${namespace}/${this.#name}` }, 'the lease is out of reach');
      return false;
    }
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    const { client, namespace } = this.#options;
    try {
      return await client.get(Lease, { namespace, name: this.#name }, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #spec(before: Lease | undefined): NonNullable<Lease['spec']> {
    const { clock, identity } = this.#options;
    const now = microTime(clock.now());
    const mine = before?.spec?.holderIdentity === identity;
    const transitions = before?.spec?.leaseTransitions ?? 0;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: leaseDuration / 1000,
      acquireTime: mine ? (before.spec?.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: mine || before === undefined ? transitions : transitions + 1,
    };
  }

  /**
   * @throws KubeError KBK_KUBE_LEASE_LOST when the lease is older than it was: etcd was restored from a backup, watches
   * tell nothing until it comes to the revisions that they know, and what the caches hold is no longer true.
   */
  #see(lease: Lease): void {
    const { resourceVersion = '' } = lease.metadata;
    const known = this.#observed?.lease.metadata.resourceVersion ?? '';
    if (known !== '' && known === resourceVersion) return;
    if (isOlder(resourceVersion, known)) throw this.#lost('the API server is back at an older state of the cluster');
    this.#observed = { lease, at: this.#options.clock.now().epochMilliseconds };
  }

  #holder(): string | undefined {
    return this.#observed?.lease.spec?.holderIdentity;
  }

  #lost(why: string): KubeError {
    const { namespace } = this.#options;
    const message = `lease ${namespace}/${this.#name} is lost: ${why}`;
    return new KubeError('KBK_KUBE_LEASE_LOST', message, { kind: 'terminal' });
  }
}

/** metav1.MicroTime: always six digits. */
function microTime(instant: Temporal.Instant): string {
  return instant.toString({ fractionalSecondDigits: 6 });
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Revisions of one API server are numbers that only grow. */
function isOlder(one: string, other: string): boolean {
  if (!/^\d+$/.test(one) || !/^\d+$/.test(other)) return false;
  return one.length === other.length ? one < other : one.length < other.length;
}
