/** What a request shows and trusts, from the Secrets that an object of the same namespace names. */

import { Secret } from '../integrations/flux/core-objects.ts';
import type { HttpAccess } from '../integrations/http/access.ts';
import { accessFrom, headersFrom, type SecretData } from '../integrations/http/secrets.ts';
import type { Reader } from '../kube/reader.ts';

/** A Secret that is not there, or lacks what is needed. The message names it, and never a value. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

export interface AccessSecrets {
  /** With credentials and certificates, under the keys that Flux uses. */
  readonly secretName?: string;
  /** Whose every key is a header; these win. */
  readonly headersSecretName?: string;
}

/**
 * @param live reads Secrets anew: nobody keeps them
 * @throws SecretError; KubeError of the read
 */
export async function readHttpAccess(live: Reader, namespace: string, secrets: AccessSecrets): Promise<HttpAccess> {
  const { secretName, headersSecretName } = secrets;
  const access = secretName === undefined ? undefined : await readSecret(live, namespace, secretName, accessFrom);
  const headers =
    headersSecretName === undefined ? {} : await readSecret(live, namespace, headersSecretName, headersFrom);
  return { ...access, headers: { ...access?.headers, ...headers } };
}

/** @throws SecretError; KubeError of the read */
export async function readSecret<T extends object>(
  live: Reader,
  namespace: string,
  name: string,
  from: (data: SecretData) => T | string,
): Promise<T> {
  const secret = await live.get(Secret, { namespace, name });
  if (secret === undefined) throw new SecretError(`Secret ${namespace}/${name} is not there: create it`);
  const result = from(secret.data ?? {});
  if (typeof result === 'string') throw new SecretError(`Secret ${namespace}/${name} ${result}`);
  return result;
}
