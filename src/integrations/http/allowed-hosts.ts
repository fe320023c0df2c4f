/**
 * `integrations/http` asks a service of somebody's whether a version may be deployed. This file: which hosts may be
 * called at all, since whoever writes a gate would otherwise reach everything that the controller reaches.
 */
import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export interface HostPattern {
  /** As `URL.hostname` writes it; of a wildcard, what comes after the star. */
  readonly host: string;
  readonly isWildcard: boolean;
  /** Absent: any. */
  readonly port?: string;
}

export interface AllowedHosts {
  allows(url: URL): boolean;
  /** Whether a name may lead there: to a link-local address only when that is listed itself. */
  allowsAddress(address: string): boolean;
}

const patternExpression = /^(\*\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i;

/** `api.example.com`, `*.example.com` or an address, each with an optional `:port`; undefined for anything else. */
export function parseHostPattern(text: string): HostPattern | undefined {
  const [, star, written = '', port] = patternExpression.exec(text) ?? [];
  const host = URL.parse(`http://${written}`)?.hostname;
  // What a URL would write differently, such as 0x7f.1, would never match.
  if (host === undefined || host !== written.toLowerCase()) return undefined;
  const isWildcard = star !== undefined;
  if (isWildcard && addressIn(host) !== undefined) return undefined;
  if (port === undefined) return { host, isWildcard };
  const number = Number(port);
  return number >= 1 && number <= 65_535 ? { host, isWildcard, port: String(number) } : undefined;
}

export function allowHosts(patterns: readonly HostPattern[]): AllowedHosts {
  const addresses = new Set(patterns.flatMap(({ host }) => addressIn(host) ?? []));
  return {
    allows: (url) => patterns.some((pattern) => matches(pattern, url)),
    allowsAddress: (address) => addresses.has(address) || !isLinkLocal(address),
  };
}

/** Looks names up as the system does, and refuses those that lead to where nobody may go. */
export function guardedLookup(hosts: AllowedHosts, resolve: typeof systemLookup = systemLookup): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        done(error, []);
        return;
      }
      const refused = found.find(({ address }) => !hosts.allowsAddress(address));
      const [first] = found;
      if (refused !== undefined) done(new Error(`${name} leads to ${refused.address}, a link-local address`), []);
      else if (options.all === true || first === undefined) done(null, found);
      else done(null, first.address, first.family);
    });
  };
}

function matches({ host, isWildcard, port }: HostPattern, url: URL): boolean {
  const standardPort = url.protocol === 'https:' ? '443' : '80';
  if (port !== undefined && port !== (url.port || standardPort)) return false;
  return isWildcard ? url.hostname.endsWith(`.${host}`) : url.hostname === host;
}

function addressIn(host: string): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}

// The metadata services of clouds answer there, and hand out the credentials of the machine.
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');

function isLinkLocal(address: string): boolean {
  const [bare = ''] = address.split('%');
  return linkLocal.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}
