/** Two processes and one lease: a leader that freezes, one that is robbed, one that is told to stop. */
import { expect, test } from 'vitest';
import { isNotFound } from '../../../src/kube/errors.ts';
import { Lease, leaseName } from '../../../src/kube/lease.ts';
import { eventually } from '../../support/eventually.ts';
import { NAMESPACE } from '../support/controller.ts';
import { Candidate } from './support/candidate.ts';
import { ownPlane } from './support/plane.ts';

const plane = ownPlane('runtime-leadership', { flux: true, install: true });
const key = { namespace: NAMESPACE, name: leaseName };
/** Seconds: of the lease, and until the next try of a standby at the latest. */
const [lasts, retries] = [15, 4.4];
/** For a busy machine. */
const slack = 15;

const lease = async (): Promise<NonNullable<Lease['spec']>> => (await plane().admin.client.get(Lease, key)).spec ?? {};

/** Started, and waited for until the condition holds. */
async function until(candidate: Candidate, holds: (candidate: Candidate) => boolean): Promise<void> {
  await eventually(() => {
    expect(holds(candidate), candidate.log).toBe(true);
  }, 60_000);
}

const secondsBetween = (from = '', to = ''): number =>
  Temporal.Instant.from(from).until(Temporal.Instant.from(to)).total('seconds');

/** One that leads and one that stands by. */
async function pair(name: string): Promise<{ leader: Candidate; standby: Candidate } & AsyncDisposable> {
  // Of the test before, whose processes were killed.
  await plane()
    .admin.client.remove(Lease, key)
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  const parts = new AsyncDisposableStack();
  const leader = parts.use(await Candidate.start(plane(), `${name}-leader`));
  await until(leader, ({ leads }) => leads);
  const standby = parts.use(await Candidate.start(plane(), `${name}-standby`));
  await until(standby, ({ log }) => log.includes('"msg":"starting"'));
  return { leader, standby, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

test('a frozen leader is replaced when its lease has run out, and ends with an error when it wakes', async () => {
  await using both = await pair('frozen');
  const { leader, standby } = both;
  leader.freeze();
  const before = await lease();
  await until(standby, ({ leads }) => leads);
  const after = await lease();
  const seconds = secondsBetween(before.renewTime, after.acquireTime);
  expect(seconds).toBeGreaterThanOrEqual(lasts);
  expect(seconds).toBeLessThan(lasts + retries + slack);
  expect(after).toMatchObject({ leaseTransitions: (before.leaseTransitions ?? 0) + 1 });
  leader.thaw();
  expect(await leader.ended).toBe(1);
  expect(leader.log).toMatch(/lease kuberik-system\/\S+ is lost: (\S+ holds it now|it could not be renewed in time)/);
  expect(standby.leads).toBe(true);
});

test('a leader whose lease somebody else took ends with an error that names them, and the standby waits its turn', async () => {
  await using both = await pair('robbed');
  const { leader, standby } = both;
  const { client } = plane().admin;
  const renewTime = Temporal.Now.instant().toString({ fractionalSecondDigits: 6 });
  await client.patch(Lease, key, {
    type: 'merge',
    body: { spec: { holderIdentity: 'thief', renewTime, acquireTime: renewTime } },
  });
  expect(await leader.ended).toBe(1);
  expect(leader.log).toContain(`lease ${NAMESPACE}/${leaseName} is lost: thief holds it now`);
  await until(standby, ({ leads }) => leads);
  const seconds = secondsBetween(renewTime, (await lease()).acquireTime);
  expect(seconds).toBeGreaterThanOrEqual(lasts);
  expect(seconds).toBeLessThan(lasts + retries + slack);
});

test('a leader that is told to stop gives its lease back, and nobody waits for it to run out', async () => {
  await using both = await pair('stopped');
  const { leader, standby } = both;
  expect(await leader.end('SIGTERM')).toBe(0);
  const released = await lease();
  await until(standby, ({ leads }) => leads);
  expect(secondsBetween(released.renewTime, (await lease()).acquireTime)).toBeLessThan(lasts);
});
