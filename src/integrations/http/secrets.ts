/** What comes out of Secrets: headers to send, and whom to trust. Texts name keys, never values. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { redacted } from '../../oci/redact.ts';
import type { HttpAccess } from './access.ts';

/** `data` of a Secret: values are base64. */
export type SecretData = Readonly<Record<string, string>>;

// https://www.rfc-editor.org/rfc/rfc9110#name-field-names
const nameExpression = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const valueExpression = /^[\t\x20-\x7e\x80-\xff]*$/;
/** They belong to the connection, or say where it ends: another value could smuggle a second request in. */
const refused = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade'],
  ...['te', 'trailer', 'expect', 'proxy-connection', 'proxy-authorization', 'proxy-authenticate'],
]);
const mostHeaders = 64;
const longestValue = 16 * 1024;

/** Names in lower case. A text: why they cannot be sent. */
export function headersFrom(data: SecretData): Readonly<Record<string, string>> | string {
  const texts = Object.entries(data).map(([key, value]): [string, string] => {
    return [key, Buffer.from(value, 'base64').toString('latin1')];
  });
  // Not by setting them one by one: a header may be called __proto__.
  return checkHeaders(Object.fromEntries(texts));
}

/** The same for headers that are no secret. */
export function checkHeaders(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> | string {
  const entries = Object.entries(values);
  if (entries.length > mostHeaders) return `has ${entries.length} keys: at most ${mostHeaders} headers are sent`;
  const headers: [string, string][] = [];
  for (const [key, text] of entries) {
    const name = key.toLowerCase();
    if (!nameExpression.test(key)) return `has the key "${key.slice(0, 100)}", which is no name of a header`;
    if (refused.has(name)) return `has the key "${key}", a header that cannot be chosen: remove it`;
    // A line feed at the end is how most files and many Secrets end.
    const value = text.trim();
    if (value.length > longestValue) return `has more than ${longestValue} characters under the key "${key}"`;
    if (!valueExpression.test(value)) return `has characters under the key "${key}" that no header can have`;
    headers.push([name, value]);
  }
  return Object.fromEntries(headers);
}

/** The bundle under `ca.crt`. A text of the other kind: why there is none. */
export function authorityFrom(data: SecretData): { readonly pem: string } | string {
  const encoded = data['ca.crt'];
  if (encoded === undefined) return 'has no key ca.crt';
  const pem = decoded(encoded);
  return isCertificate(pem) ? { pem } : 'has no PEM certificate under ca.crt';
}

/**
 * By the keys that Flux uses: `username` and `password`, or `bearerToken`; `ca.crt`; `tls.crt` and `tls.key`. A text: what
 * is wrong with them. https://fluxcd.io/flux/components/source/helmrepositories/#secret-reference
 */
export function accessFrom(data: SecretData): HttpAccess | string {
  const { username, password, bearerToken, 'ca.crt': authority, 'tls.crt': chain, 'tls.key': key } = data;
  if ((username === undefined) !== (password === undefined)) return halfOf('username', 'password', username);
  if ((chain === undefined) !== (key === undefined)) return halfOf('tls.crt', 'tls.key', chain);
  if (username !== undefined && bearerToken !== undefined) {
    return 'has both username and bearerToken: remove one of the two';
  }
  const authorization =
    username !== undefined && password !== undefined
      ? `Basic ${Buffer.from(`${decoded(username).trim()}:${decoded(password).trim()}`).toString('base64')}`
      : bearerToken && `Bearer ${decoded(bearerToken).trim()}`;
  if (authorization !== undefined && !valueExpression.test(authorization)) {
    return 'has characters under the key "bearerToken" that no header can have';
  }
  const trusted = authority === undefined ? undefined : authorityFrom(data);
  if (typeof trusted === 'string') return trusted;
  const certificate =
    chain !== undefined && key !== undefined ? certificateFrom(decoded(chain), decoded(key)) : undefined;
  if (typeof certificate === 'string') return certificate;
  return {
    headers: authorization === undefined ? {} : { authorization },
    ...(trusted && { authority: trusted.pem }),
    ...(certificate && { certificate }),
  };
}

function halfOf(first: string, second: string, value: string | undefined): string {
  const [present, absent] = value === undefined ? [second, first] : [first, second];
  return `has the key ${present} without ${absent}: both are needed`;
}

function certificateFrom(chain: string, key: string): NonNullable<HttpAccess['certificate']> | string {
  if (!isCertificate(chain)) return 'has no PEM certificate under tls.crt';
  try {
    const isPair = new X509Certificate(chain).checkPrivateKey(createPrivateKey(key));
    return isPair ? { chain, key } : 'has a key under tls.key that is not that of tls.crt';
  } catch {
    return 'has no PEM key under tls.key';
  }
}

function decoded(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf8');
}

/** A service may repeat what it was sent: that never gets into a text. */
export function withoutSecrets(text: string, headers: Readonly<Record<string, string>>, url: URL): string {
  const values = [...Object.values(headers), ...url.searchParams.values()];
  // Without the scheme, of `Bearer abc`, it is as secret.
  const secrets = values.flatMap((value) => [value, value.slice(value.lastIndexOf(' ') + 1), ...passwordIn(value)]);
  return redacted(text, secrets);
}

/** https://www.rfc-editor.org/rfc/rfc7617 */
function passwordIn(header: string): string[] {
  const [, credentials] = /^Basic (.+)$/i.exec(header) ?? [];
  return credentials === undefined ? [] : [decoded(credentials).replace(/^[^:]*:/, '')];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
