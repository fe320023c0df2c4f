/** What comes out of Secrets: headers to send, and whom to trust. Texts name keys, never values. */
import { X509Certificate } from 'node:crypto';

/** `data` of a Secret: values are base64. */
type SecretData = Readonly<Record<string, string>>;

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
// Less is a word that would be missed in any sentence.
const shortestSecret = 6;

/** Names in lower case. A text: why they cannot be sent. */
export function headersFrom(data: SecretData): Readonly<Record<string, string>> | string {
  const entries = Object.entries(data);
  if (entries.length > mostHeaders) return `has ${entries.length} keys: at most ${mostHeaders} headers are sent`;
  const headers: Record<string, string> = {};
  for (const [key, encoded] of entries) {
    const name = key.toLowerCase();
    if (!nameExpression.test(key)) return `has the key "${key.slice(0, 100)}", which is no name of a header`;
    if (refused.has(name)) return `has the key "${key}", a header that cannot be chosen: remove it`;
    // A line feed at the end is how most files and many Secrets end.
    const value = Buffer.from(encoded, 'base64').toString('latin1').trim();
    if (value.length > longestValue) return `has more than ${longestValue} characters under the key "${key}"`;
    if (!valueExpression.test(value)) return `has characters under the key "${key}" that no header can have`;
    headers[name] = value;
  }
  return headers;
}

/** The bundle under `ca.crt`. A text of the other kind: why there is none. */
export function authorityFrom(data: SecretData): { readonly pem: string } | string {
  const encoded = data['ca.crt'];
  if (encoded === undefined) return 'has no key ca.crt';
  const pem = Buffer.from(encoded, 'base64').toString('utf8');
  return isCertificate(pem) ? { pem } : 'has no PEM certificate under ca.crt';
}

/** A service may repeat what it was sent: that never gets into a text. */
export function withoutSecrets(text: string, headers: Readonly<Record<string, string>>, url: URL): string {
  const values = [...Object.values(headers), ...url.searchParams.values()];
  // Without the scheme, of `Bearer abc`, it is as secret.
  const secrets = values.flatMap((value) => [value, value.slice(value.lastIndexOf(' ') + 1)]);
  const longestFirst = secrets.filter(({ length }) => length >= shortestSecret).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
