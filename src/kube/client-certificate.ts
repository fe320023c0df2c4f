/** Client certificates that somebody else renews, in files or by a plug-in: which one there is, and how long it is good. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import type { User } from '@kubernetes/client-node';
import type { ClientCertificate } from './cluster.ts';

/** Undefined: there is none. */
export function certificateIn({ cert, key }: RequestOptions): ClientCertificate | undefined {
  return isPem(cert) && isPem(key) ? { cert, key } : undefined;
}

/** Whether the certificate was made for the key. */
export function isPair({ cert, key }: ClientCertificate): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** Says that it has expired, and what to do; undefined: it has not. */
export function expiry({ cert }: ClientCertificate, user: User, now: Temporal.Instant): string | undefined {
  const until = endOf(cert);
  if (until === undefined || Temporal.Instant.compare(now, until) <= 0) return undefined;
  return `the client certificate of user "${user.name}" expired at ${until.toString()}; ${remedy(user)}`;
}

function remedy({ certFile, keyFile, exec }: User): string {
  if (certFile !== undefined) return `renew ${certFile} and ${keyFile ?? 'its key'}, which are read again`;
  if (exec !== undefined && exec !== null) return 'log in again as its plug-in wants it';
  return 'renew it in the kubeconfig and start again';
}

function endOf(cert: string | Buffer): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.fromEpochMilliseconds(new X509Certificate(cert).validToDate.getTime());
  } catch {
    return undefined;
  }
}

function isPem(value: unknown): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}
