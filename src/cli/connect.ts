/** From flags to a client: one connection for one command. */
import type { Clock } from '../kube/clock.ts';
import type { Impersonation } from '../kube/cluster.ts';
import { createKubeClient, type HttpKubeClient } from '../kube/http-client.ts';
import { loadKubeConfig } from '../kube/kube-config.ts';
import { usageError } from './errors.ts';
import { type Flags, repeatedFlag, textFlag } from './flags.ts';
import { userAgent } from './version.ts';

export interface Connection {
  readonly client: HttpKubeClient;
  /** `--namespace`, else the context's. */
  readonly namespace: string;
}

/** Runs `use` with a connection, and closes it in any case. */
export async function withConnection<R>(
  flags: Flags,
  clock: Clock,
  use: (connection: Connection) => Promise<R>,
): Promise<R> {
  const kubeconfig = textFlag(flags, 'kubeconfig');
  const context = textFlag(flags, 'context');
  const impersonate = impersonation(flags);
  const cluster = await loadKubeConfig({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    clock,
  });
  const client = createKubeClient({ cluster: { ...cluster, ...(impersonate && { impersonate }) }, clock, userAgent });
  try {
    return await use({ client, namespace: textFlag(flags, 'namespace') ?? cluster.namespace });
  } finally {
    await client.close();
  }
}

function impersonation(flags: Flags): Impersonation | undefined {
  const user = textFlag(flags, 'as');
  const groups = repeatedFlag(flags, 'asGroup');
  if (user !== undefined) return { user, groups };
  if (groups.length === 0) return undefined;
  throw usageError('--as-group needs a user to go with it', 'name one with --as');
}
