/** Whoever lays hands on the lease of the controllers, and is none of them. */
import { Lease } from '../../../src/kube/lease.ts';
import type { SimulatedClient } from '../client.ts';
import { LEASE } from '../controllers.ts';

/** Somebody else says that he leads, and is never heard of again. @returns whether there was a lease */
export async function stealLease(client: SimulatedClient, now: Temporal.Instant): Promise<boolean> {
  try {
    const lease = await client.get(Lease, LEASE);
    const renewTime = now.toString({ fractionalSecondDigits: 6 });
    await client.replace(Lease, { ...lease, spec: { ...lease.spec, holderIdentity: 'somebody-else', renewTime } });
    return true;
  } catch {
    return false;
  }
}

/** @returns whether there was a lease */
export async function deleteLease(client: SimulatedClient): Promise<boolean> {
  try {
    await client.remove(Lease, LEASE);
    return true;
  } catch {
    return false;
  }
}
