/**
 * Image references, `[host[:port]/]path[:tag][@digest]`, with Docker Hub's rules.
 * Grammar: https://github.com/distribution/reference/blob/main/reference.go
 */
import { type Digest, isDigest, isTag, type Tag } from '../api/tag.ts';
import { OciError } from './errors.ts';

/** An image name without tag and digest. */
export interface RepositoryName {
  /** Host with port. Docker Hub is always `docker.io`, whatever alias was written. */
  readonly registry: string;
  /** Path on the registry; a one-word name of Docker Hub has become `library/<name>`. */
  readonly repository: string;
}

export interface ImageReference extends RepositoryName {
  readonly tag: Tag | undefined;
  readonly digest: Digest | undefined;
}

/** How Docker Hub is called in this room. */
export const dockerHub = 'docker.io';

const longestReference = 1024;
const longestRepository = 255;
const domainName =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]{1,5})?$/;
const ipv6Address = /^\[[0-9a-fA-F:]+\](?::[0-9]{1,5})?$/;
const pathComponent = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const hubAliases = new Set([dockerHub, 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/** Docker Hub's aliases become `docker.io`; every other host is lower-cased only. */
export function canonicalRegistry(host: string): string {
  const lowered = host.toLowerCase();
  return hubAliases.has(lowered) ? dockerHub : lowered;
}

/** The host that speaks the distribution protocol for a registry. */
export function apiHost(registry: string): string {
  return registry === dockerHub ? 'registry-1.docker.io' : registry;
}

/**
 * Reads a reference; an `oci://` in front, as Flux writes it, is left out.
 * @throws OciError `KBK_OCI_INVALID_REFERENCE`
 */
export function parseReference(text: string): ImageReference {
  if (text.length > longestReference) throw invalid(text, `is longer than ${longestReference} characters`);
  const plain = text.startsWith('oci://') ? text.slice('oci://'.length) : text;
  if (plain.includes('://')) throw invalid(text, 'has a scheme; leave it out');

  const [beforeDigest, digest] = cutDigest(text, plain);
  const [name, tag] = cutTag(text, beforeDigest);
  const [host, path] = cutHost(name);
  if (!isHostname(host)) throw invalid(text, `has "${host}" where a host is expected`);

  const registry = canonicalRegistry(host);
  const repository = registry === dockerHub && !path.includes('/') ? `library/${path}` : path;
  checkPath(text, repository);
  return { registry, repository, tag, digest };
}

/**
 * Reads an image name, as `ImageRepository.spec.image` is one.
 * @throws OciError `KBK_OCI_INVALID_REFERENCE`, also when there is a tag or a digest
 */
export function parseRepository(text: string): RepositoryName {
  const { registry, repository, tag, digest } = parseReference(text);
  if (tag !== undefined || digest !== undefined)
    throw invalid(text, 'has a tag or a digest; only the name is expected');
  return { registry, repository };
}

/** The inverse of `parseReference`. */
export function formatReference(name: RepositoryName & Partial<ImageReference>): string {
  const tag = name.tag === undefined ? '' : `:${name.tag}`;
  const digest = name.digest === undefined ? '' : `@${name.digest}`;
  return `${name.registry}/${name.repository}${tag}${digest}`;
}

function cutDigest(text: string, plain: string): [string, Digest | undefined] {
  const at = plain.indexOf('@');
  if (at < 0) return [plain, undefined];
  const digest = plain.slice(at + 1);
  if (!isDigest(digest)) throw invalid(text, 'has no digest (algorithm:hex) after "@"');
  return [plain.slice(0, at), digest];
}

function cutTag(text: string, name: string): [string, Tag | undefined] {
  const colon = name.lastIndexOf(':');
  // A colon before the last slash belongs to the port.
  if (colon < 0 || colon < name.lastIndexOf('/')) return [name, undefined];
  const tag = name.slice(colon + 1);
  if (!isTag(tag)) throw invalid(text, 'has no tag (up to 128 letters, digits, ".", "_" and "-") after ":"');
  return [name.slice(0, colon), tag];
}

/** The form of a host, which also has to be one of a URL: neither `[:]` nor the port 99999 is. */
function isHostname(host: string): boolean {
  return (domainName.test(host) || ipv6Address.test(host)) && URL.canParse(`https://${host}`);
}

// The first word is a host only when no Docker Hub user could be called so.
function cutHost(name: string): [host: string, path: string] {
  const slash = name.indexOf('/');
  if (slash < 0) return [dockerHub, name];
  const first = name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first.toLowerCase() === 'localhost';
  return isHost ? [first, name.slice(slash + 1)] : [dockerHub, name];
}

function checkPath(text: string, repository: string): void {
  if (repository.length > longestRepository)
    throw invalid(text, `has a path longer than ${longestRepository} characters`);
  for (const component of repository.split('/')) {
    if (pathComponent.test(component)) continue;
    throw invalid(
      text,
      `has "${component}" in its path; lower-case letters, digits and single ".", "_", "-" are allowed`,
    );
  }
}

function invalid(text: string, fault: string): OciError {
  const shown = text.slice(0, 200);
  return new OciError('KBK_OCI_INVALID_REFERENCE', shown, `Image reference "${shown}" ${fault}`, { retryable: false });
}
