/** How an ImageRepository says its registry is reached: credentials, certificates, proxy, and who may use them. */
import { compileLabelSelector } from '../../api/label-selector.ts';
import type { Fault } from '../../core/observation.ts';
import { isForbidden } from '../../kube/errors.ts';
import type { Reader } from '../../kube/reader.ts';
import { findCredentials, parseDockerConfig } from '../../oci/docker-config.ts';
import { parseRepository } from '../../oci/reference.ts';
import type { Access, Credentials } from '../../oci/registry.ts';
import { Namespace, Secret } from './core-objects.ts';
import { describeObject } from './foreign.ts';
import { ImageRepository } from './image-repository.ts';

/** The registry may not, or cannot, be reached as the ImageRepository says. */
export class AccessRefused extends Error {
  override readonly name = 'AccessRefused';
  readonly reason = 'RegistryAccessDenied' satisfies Fault['reason'];
}

/**
 * Flux's rule for references from another namespace: `spec.accessFrom` must select its labels. Without this, whoever
 * may write an ImagePolicy could use the credentials of any namespace.
 * https://fluxcd.io/flux/components/image/imagerepositories/#access-from
 * @param live reads the Namespace by name.
 * @throws AccessRefused
 */
export async function requireAccessFrom(live: Reader, repository: ImageRepository, namespace: string): Promise<void> {
  const owner = repository.metadata.namespace ?? '';
  if (owner === namespace) return;
  const selectors = repository.spec.accessFrom?.namespaceSelectors ?? [];
  const labels = selectors.length === 0 ? undefined : await namespaceLabels(live, namespace);
  const allowed = selectors.some(({ matchLabels }) => compileLabelSelector({ matchLabels: matchLabels ?? {} })(labels));
  if (allowed) return;
  throw new AccessRefused(
    `${describeObject(ImageRepository, owner, repository.metadata.name)} does not let namespace ${namespace} use it: ` +
      'add its labels to spec.accessFrom.namespaceSelectors',
  );
}

/**
 * Reads the Secrets that the ImageRepository names; nothing of them is kept.
 * @param live reads Secrets by name.
 * @throws AccessRefused, or OciError `KBK_OCI_INVALID_CREDENTIALS`
 */
export async function resolveAccess(live: Reader, repository: ImageRepository, signal: AbortSignal): Promise<Access> {
  const { spec } = repository;
  const read = (field: 'secretRef' | 'certSecretRef' | 'proxySecretRef') => readSecret(live, repository, field);
  const [credentials, certificates, proxy] = await Promise.all([
    read('secretRef').then((secret) => credentialsOf(secret, spec.image, signal)),
    read('certSecretRef'),
    read('proxySecretRef'),
  ]);
  const provider = spec.provider ?? 'generic';
  if (credentials === undefined && provider !== 'generic') {
    throw new AccessRefused(
      `${describeRepository(repository)}: provider "${provider}" is not supported for reading tags and metadata; ` +
        'releases still come from the ImagePolicy. Name a Secret with credentials in spec.secretRef to get both',
    );
  }
  const certificateAuthority = textOf(certificates, 'ca.crt', 'caFile');
  const certificate = textOf(certificates, 'tls.crt', 'certFile');
  const key = textOf(certificates, 'tls.key', 'keyFile');
  const proxyUrl = proxyOf(proxy, repository);
  return {
    ...(credentials !== undefined && { credentials }),
    ...(spec.insecure === true && { insecure: true }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(certificate !== undefined && key !== undefined && { clientCertificate: { certificate, key } }),
    ...(proxyUrl !== undefined && { proxy: proxyUrl }),
  };
}

async function namespaceLabels(live: Reader, name: string): Promise<Record<string, string> | undefined> {
  return (await live.get(Namespace, { namespace: '', name }))?.metadata.labels;
}

async function readSecret(
  live: Reader,
  repository: ImageRepository,
  field: 'secretRef' | 'certSecretRef' | 'proxySecretRef',
): Promise<Secret | undefined> {
  const name = repository.spec[field]?.name;
  if (name === undefined) return undefined;
  const namespace = repository.metadata.namespace ?? '';
  const named = `Secret ${namespace}/${name}, which spec.${field} of ${describeRepository(repository)} names,`;
  try {
    const secret = await live.get(Secret, { namespace, name });
    if (secret !== undefined) return secret;
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new AccessRefused(`${named} may not be read by the controller: allow it to get Secrets there`);
  }
  throw new AccessRefused(`${named} does not exist: create it, or remove the reference`);
}

async function credentialsOf(
  secret: Secret | undefined,
  image: string,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const config = textOf(secret, '.dockerconfigjson', '.dockercfg');
  if (secret === undefined || config === undefined) return undefined;
  const origin = `Secret ${secret.metadata.namespace ?? ''}/${secret.metadata.name}`;
  return findCredentials(parseDockerConfig(config, origin), parseRepository(image), signal);
}

function proxyOf(secret: Secret | undefined, repository: ImageRepository): string | undefined {
  const address = textOf(secret, 'address');
  if (secret === undefined || address === undefined) return undefined;
  if (!URL.canParse(address)) {
    throw new AccessRefused(`${describeRepository(repository)}: "address" in the Secret of proxySecretRef is no URL`);
  }
  const url = new URL(address);
  url.username = textOf(secret, 'username') ?? '';
  url.password = textOf(secret, 'password') ?? '';
  return url.href;
}

/** The first of these keys that has a value. */
function textOf(secret: Secret | undefined, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = secret?.data?.[key];
    if (value !== undefined && value !== '') return Buffer.from(value, 'base64').toString('utf8');
  }
  return undefined;
}

function describeRepository(repository: ImageRepository): string {
  return describeObject(ImageRepository, repository.metadata.namespace ?? '', repository.metadata.name);
}
