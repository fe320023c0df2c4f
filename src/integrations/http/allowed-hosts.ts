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
  /** Why a name must not lead to an address; undefined: it may. */
  refusal(address: string, name: string): string | undefined;
}

/** Listed hosts; `others` adds every host but this machine and its link. */
export interface HostList {
  readonly listed: readonly HostPattern[];
  readonly others: boolean;
}

/** The name leads to where nobody may go. */
export class HostRefusedError extends Error {
  override readonly name = 'HostRefusedError';
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

/** Those alone, and a link-local address only when it is listed itself. */
export function allowHosts(patterns: readonly HostPattern[]): AllowedHosts {
  const addresses = listedAddresses(patterns);
  return {
    allows: (url) => patterns.some((pattern) => matches(pattern, url)),
    refusal: (address) => (addresses.has(address) ? undefined : placeOf(address, linkLocal)),
  };
}

/** Whoever writes what is asked reaches neither what listens on this machine alone, nor the services of its cloud. */
export function allowHostList({ listed, others }: HostList): AllowedHosts {
  const narrow = allowHosts(listed);
  if (!others) return narrow;
  const addresses = listedAddresses(listed);
  const isListed = (name: string): boolean => listed.some((pattern) => matchesName(pattern, name));
  return {
    allows: (url) => narrow.allows(url) || !isNearby(url.hostname),
    refusal: (address, name) => {
      if (addresses.has(address)) return undefined;
      return placeOf(address, linkLocal) ?? (isListed(name) ? undefined : placeOf(address, loopback));
    },
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
      const [refused] = found.flatMap(({ address }) => {
        const place = hosts.refusal(address, name);
        return place === undefined ? [] : [`${name} leads to ${address}, ${place}`];
      });
      const [first] = found;
      if (refused !== undefined) done(new HostRefusedError(refused), []);
      else if (options.all === true || first === undefined) done(null, found);
      else done(null, first.address, first.family);
    });
  };
}

function listedAddresses(patterns: readonly HostPattern[]): ReadonlySet<string> {
  return new Set(patterns.flatMap(({ host }) => addressIn(host) ?? []));
}

function matches(pattern: HostPattern, url: URL): boolean {
  const standardPort = url.protocol === 'https:' ? '443' : '80';
  if (pattern.port !== undefined && pattern.port !== (url.port || standardPort)) return false;
  return matchesName(pattern, url.hostname);
}

function matchesName({ host, isWildcard }: HostPattern, name: string): boolean {
  return isWildcard ? name.endsWith(`.${host}`) : name === host;
}

/** By what is written: a name that only leads there is caught when it is looked up. */
function isNearby(hostname: string): boolean {
  const address = addressIn(hostname);
  if (address !== undefined)
    return placeOf(address, loopback) !== undefined || placeOf(address, linkLocal) !== undefined;
  return /(^|\.)localhost\.?$/.test(hostname);
}

function addressIn(host: string): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}

interface Place {
  readonly what: string;
  readonly addresses: BlockList;
}

function place(what: string, subnets: readonly (readonly [address: string, prefix: number])[]): Place {
  const addresses = new BlockList();
  for (const [address, prefix] of subnets) addresses.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return { what, addresses };
}

// The metadata services of clouds answer there, and hand out the credentials of the machine.
const linkLocal = place('a link-local address', [
  ['169.254.0.0', 16],
  ['fe80::', 10],
]);
// The unspecified addresses lead to this machine as well.
const loopback = place('an address of this machine', [
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
  ['::1', 128],
  ['::', 128],
]);

function placeOf(address: string, { what, addresses }: Place): string | undefined {
  const [bare = ''] = address.split('%');
  return addresses.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4') ? what : undefined;
}
