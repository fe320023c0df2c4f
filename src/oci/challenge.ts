/** The `WWW-Authenticate` header: https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate */

export interface Challenge {
  /** Lower case: `bearer`, `basic`, ... */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const longestHeader = 4096;
// `auth-param = token BWS "=" BWS ( token / quoted-string )`; a value without quotes may also hold what URLs are made of.
const parameter = /^([!#$%&'*+.^_`|~0-9a-zA-Z-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))/;
const schemeName = /^([!#$%&'*+.^_`|~0-9a-zA-Z-]+)(?=[ \t,]|$)/;
const token68 = /^[ \t]+[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/;

/** Every challenge of the header's values, in order. What cannot be read is skipped; it never throws. */
export function parseChallenges(headers: readonly string[]): readonly Challenge[] {
  return headers.flatMap((header) => parseHeader(header.slice(0, longestHeader)));
}

function parseHeader(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let rest = header;
  while (rest !== '') {
    const gap = /^[\s,]+/.exec(rest);
    if (gap) {
      rest = rest.slice(gap[0].length);
      continue;
    }
    const found = parameter.exec(rest);
    const current = challenges.at(-1);
    if (found && current) {
      const value = found[2]?.replace(/\\(.)/g, '$1') ?? found[3] ?? '';
      current.parameters.set((found[1] ?? '').toLowerCase(), value);
      rest = rest.slice(found[0].length);
      continue;
    }
    const scheme = schemeName.exec(rest);
    if (!scheme) {
      // Something else, for example a stray quote: go on behind the next comma or space.
      rest = rest.slice(Math.max(1, rest.search(/[\s,]/)));
      continue;
    }
    challenges.push({ scheme: scheme[0].toLowerCase(), parameters: new Map() });
    rest = rest.slice(scheme[0].length);
    const opaque = token68.exec(rest);
    if (opaque) rest = rest.slice(opaque[0].length);
  }
  return challenges;
}
