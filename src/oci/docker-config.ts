/**
 * Docker's config file, as it lies in `~/.docker/config.json` and in Secrets of type `kubernetes.io/dockerconfigjson`:
 * https://github.com/docker/cli/blob/master/docs/reference/commandline/login.md
 */

import { isRecord } from '../api/json.ts';
import { OciError } from './errors.ts';
import { type JsonObject, objectAt, parseObject, text } from './json.ts';
import { canonicalRegistry, dockerHub, type RepositoryName } from './reference.ts';
import type { Credentials } from './registry.ts';

export interface DockerConfig {
  /** Longest key first. Keys are `host[:port][/path]`: without scheme, without `/v1/`, Docker Hub as `docker.io`. */
  readonly auths: readonly (readonly [key: string, credentials: Credentials])[];
  /** Registry to the helper's name and to the key as the file has it. */
  readonly credHelpers: ReadonlyMap<string, { readonly helper: string; readonly key: string }>;
  readonly credsStore: string | undefined;
}

/** What `docker-credential-<helper> get` answered for a server; undefined when it knows none. */
export type RunCredentialHelper = (
  helper: string,
  server: string,
  signal: AbortSignal,
) => Promise<{ readonly username: string; readonly secret: string } | undefined>;

const largestConfig = 1024 * 1024;
const helperName = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;
// What `docker login` calls Docker Hub, also towards helpers.
const hubServer = 'https://index.docker.io/v1/';
// A helper answers with this user name when the secret is an identity token.
const tokenUser = '<token>';

/**
 * @param origin names the file or the Secret in messages, for example `Secret team/registry`
 * @throws OciError `KBK_OCI_INVALID_CREDENTIALS`; the message never quotes the file
 */
export function parseDockerConfig(content: string, origin: string): DockerConfig {
  if (content.length > largestConfig) throw invalid(origin, `is larger than ${largestConfig} bytes`);
  const file = parseObject(content);
  if (!file) throw invalid(origin, 'is not a JSON object');
  // The older `.dockercfg` is the `auths` object alone.
  const isOldForm = !('auths' in file) && !('credHelpers' in file) && !('credsStore' in file);
  const auths: [string, Credentials][] = [];
  for (const [key, value] of Object.entries(isOldForm ? file : objectAt(file, 'auths'))) {
    if (!isRecord(value)) {
      // Other settings of the file, such as `detachKeys`, stand beside `auths`.
      if (isOldForm) continue;
      throw invalid(origin, `has an entry${shownKey(key)} that is not an object`);
    }
    const credentials = readEntry(value, origin, key);
    if (credentials) auths.push([canonicalKey(key), credentials]);
  }
  auths.sort(([left], [right]) => right.length - left.length);
  return { auths, credHelpers: readHelpers(file, origin), credsStore: readHelperName(file.credsStore, origin) };
}

/**
 * Who to be for an image: a helper of the registry, then the longest key of `auths` that the image lies under, then
 * the store. A helper is a program, so a config that a tenant wrote is searched without `runHelper`.
 */
export async function findCredentials(
  config: DockerConfig,
  name: RepositoryName,
  signal: AbortSignal,
  runHelper?: RunCredentialHelper,
): Promise<Credentials | undefined> {
  const registry = canonicalRegistry(name.registry);
  const helper = config.credHelpers.get(registry);
  if (helper && runHelper) return askHelper(runHelper, helper.helper, helper.key, signal);

  const image = `${registry}/${name.repository}`;
  const entry = config.auths.find(([key]) => image === key || image.startsWith(`${key}/`));
  if (entry) return entry[1];

  if (config.credsStore === undefined || !runHelper) return undefined;
  return askHelper(runHelper, config.credsStore, registry === dockerHub ? hubServer : registry, signal);
}

async function askHelper(
  runHelper: RunCredentialHelper,
  helper: string,
  server: string,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const answer = await runHelper(helper, server, signal);
  if (!answer || answer.secret === '') return undefined;
  if (answer.username === tokenUser) return { identityToken: answer.secret };
  return { username: answer.username, password: answer.secret };
}

function canonicalKey(key: string): string {
  const bare = key
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/\/+$/, '')
    .replace(/\/v[12]$/, '');
  const slash = bare.indexOf('/');
  if (slash < 0) return canonicalRegistry(bare);
  return `${canonicalRegistry(bare.slice(0, slash))}${bare.slice(slash)}`;
}

// An empty entry says that the secret is in the store; it is no entry then.
function readEntry(entry: JsonObject, origin: string, key: string): Credentials | undefined {
  const [username, password] = readUser(entry, origin, key);
  const identityToken = text(entry.identitytoken);
  const registryToken = text(entry.registrytoken);
  if (registryToken !== undefined) return { registryToken };
  if (identityToken !== undefined) return { identityToken, ...(username === undefined ? {} : { username }) };
  if (username === tokenUser && password !== undefined) return { identityToken: password };
  if (username === undefined || password === undefined) return undefined;
  return { username, password };
}

function readUser(entry: JsonObject, origin: string, key: string): [string | undefined, string | undefined] {
  const auth = text(entry.auth);
  if (auth === undefined) return [text(entry.username), text(entry.password)];
  const decoded = Buffer.from(auth, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon <= 0) {
    throw invalid(origin, `has an \`auth\`${shownKey(key)} that is not base64 of "user:password"`);
  }
  // Old docker versions filled the password up with zero bytes.
  return [decoded.slice(0, colon), text(decoded.slice(colon + 1).replace(/\0+$/, ''))];
}

/** Credentials stand in keys too, by mistake: what is more than a host and a path is not told. */
function shownKey(key: string): string {
  return /^([a-z]+:\/\/)?[a-z0-9.[\]-]+(:\d+)?(\/[\w./-]*)?$/i.test(key) ? ` for ${key.slice(0, 200)}` : '';
}

function readHelpers(file: JsonObject, origin: string): DockerConfig['credHelpers'] {
  const helpers = new Map<string, { helper: string; key: string }>();
  for (const [key, value] of Object.entries(objectAt(file, 'credHelpers'))) {
    const helper = readHelperName(value, origin);
    if (helper !== undefined) helpers.set(canonicalKey(key), { helper, key });
  }
  return helpers;
}

// The name becomes part of a program's name, so it must not lead anywhere else.
function readHelperName(value: unknown, origin: string): string | undefined {
  const name = text(value);
  if (name === undefined || helperName.test(name)) return name;
  throw invalid(origin, 'names a credential helper with characters other than letters, digits, ".", "_" and "-"');
}

function invalid(origin: string, fault: string): OciError {
  const message = `Registry credentials in ${origin}: the Docker config ${fault}; write it again with \`docker login\``;
  return new OciError('KBK_OCI_INVALID_CREDENTIALS', origin, message, { retryable: false });
}
