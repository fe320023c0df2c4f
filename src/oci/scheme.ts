/**
 * HTTP or HTTPS. As in go-containerregistry, names of the local network may be plain:
 * https://github.com/google/go-containerregistry/blob/main/pkg/name/registry.go
 */
import { errorCode } from './fault.ts';
import type { Access } from './registry.ts';

export type Scheme = 'http' | 'https';

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|.+\.localhost)(?::\d+)?$/;
const localNetwork =
  /^(?:.+\.local|10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?::\d+)?$/;
// Nobody listens, or who listens does not speak TLS. A certificate that is not trusted is neither.
const noTls = new Set(['ECONNREFUSED', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);

/** What to try, in order. Plain HTTP is tried at the local network only after TLS was not spoken there. */
export function schemesFor(host: string, access: Access): readonly Scheme[] {
  if (access.insecure === true) return ['http'];
  if (access.certificateAuthority !== undefined || access.clientCertificate !== undefined) return ['https'];
  if (loopback.test(host)) return ['http'];
  return localNetwork.test(host) ? ['https', 'http'] : ['https'];
}

/** Whether the failure to speak TLS permits trying without it. */
export function speaksNoTls(error: unknown): boolean {
  return noTls.has(errorCode(error) ?? '');
}
