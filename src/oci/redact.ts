/**
 * Whoever is shown a secret may repeat it, and not always as it came: quoted, escaped, encoded, within something longer.
 * Everything here takes time in proportion to the text: both it and the secret may be made to take long.
 */

/** Less is a word that would be missed in any sentence. */
const shortestSecret = 6;

/** The text without any of the secrets, in whichever form they stand there. */
export function redacted(text: string, secrets: readonly string[]): string {
  const distinct = [...new Set(secrets)].filter(({ length }) => length >= shortestSecret);
  const longestFirst = distinct.sort((a, b) => b.length - a.length);
  return longestFirst.reduce(withoutOne, text);
}

function withoutOne(text: string, secret: string): string {
  const inJson = escaped(secret);
  // Of a short one too little may be left, once escapes are undone, to know it by: JSON within JSON is looked for as it is.
  const exact = [secret, inJson, escaped(inJson), encodeURIComponent(secret.toWellFormed())];
  const shown = exact.reduce((left, form) => left.replaceAll(form, '***'), text);
  return withoutEncoded(withoutEscaped(shown, secret), [secret, inJson]);
}

/** As it stands between the quotes of JSON. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** What is left of a text when escapes are undone, and where in it each character came from. */
interface Bare {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

const escapes = /\\+(?:u[0-9a-f]{4}|[bfnrt])?/gi;
const steps: readonly (readonly [pattern: RegExp, plain: (whole: string) => string])[] = [
  // URLs, and URLs within URLs.
  [/(?:%(?:25)*[0-9a-f]{2})+/gi, (whole) => Buffer.from(whole.replaceAll(/%(?:25)*(?=..)/g, ''), 'hex').toString()],
  // JSON within JSON doubles every backslash. What stands for a control character is nothing, as that itself.
  [escapes, unescaped],
  // A backslash may have been written as a number.
  [escapes, unescaped],
  // Forms write a blank as a plus sign.
  [/[\s\p{Cc}+]+/gu, () => ''],
];

function unescaped(escape: string): string {
  const digits = /u(.{4})$/i.exec(escape)?.[1];
  return digits === undefined ? '' : String.fromCharCode(Number.parseInt(digits, 16));
}

function bare(source: string): Bare {
  const starts = Array.from({ length: source.length }, (_, index) => index);
  const whole: Bare = { text: source, starts, ends: starts.map((index) => index + 1) };
  const left = steps.reduce((before, [pattern, plain]) => rewritten(before, pattern, plain), whole);
  // A letter whose other case is longer would move what follows.
  return { ...left, text: left.text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) };
}

function rewritten({ text, starts, ends }: Bare, pattern: RegExp, plain: (whole: string) => string): Bare {
  const next: { text: string; starts: number[]; ends: number[] } = { text: '', starts: [], ends: [] };
  const keep = (from: number, to: number): void => {
    next.text += text.slice(from, to);
    for (let at = from; at < to; at += 1) {
      next.starts.push(starts[at] ?? 0);
      next.ends.push(ends[at] ?? 0);
    }
  };
  let end = 0;
  for (const { index, 0: whole } of text.matchAll(pattern)) {
    keep(end, index);
    end = index + whole.length;
    for (const unit of plain(whole).split('')) {
      next.text += unit;
      next.starts.push(starts[index] ?? 0);
      next.ends.push(ends[end - 1] ?? 0);
    }
  }
  keep(end, text.length);
  return next;
}

function withoutEscaped(text: string, secret: string): string {
  if (!/[\\%]/.test(text)) return text;
  const wanted = bare(secret).text;
  if (wanted.length < shortestSecret) return text;
  const { text: searched, starts, ends } = bare(text);
  const found: [number, number][] = [];
  for (let at = searched.indexOf(wanted); at !== -1; at = searched.indexOf(wanted, at + wanted.length)) {
    found.push([starts[at] ?? 0, ends[at + wanted.length - 1] ?? text.length]);
  }
  return cutOut(text, found);
}

/** Base64, alone or within something longer: it may begin at any of three places of a group. Its neighbours go with it. */
function withoutEncoded(text: string, forms: readonly string[]): string {
  const cores = [...new Set(forms)].flatMap((form) => [0, 1, 2].map((before) => coreOf(Buffer.from(form), before)));
  // Of the two alphabets one is searched.
  const searched = text.replaceAll('-', '+').replaceAll('_', '/');
  const found: [number, number][] = [];
  for (const core of new Set(cores)) {
    for (let at = searched.indexOf(core); at !== -1; at = searched.indexOf(core, at + core.length)) {
      const before = /[\w+/]{0,4}$/.exec(searched.slice(Math.max(0, at - 4), at));
      const after = /^[\w+/]{0,4}={0,2}/.exec(searched.slice(at + core.length, at + core.length + 6));
      found.push([at - (before?.[0].length ?? 0), at + core.length + (after?.[0].length ?? 0)]);
    }
  }
  return cutOut(text, found);
}

/** Six bits for each character: those that depend on the secret alone. */
function coreOf(bytes: Buffer, before: number): string {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(2)]).toString('base64');
  return encoded.slice(Math.ceil((8 * before) / 6), Math.floor((8 * (before + bytes.length)) / 6));
}

function cutOut(text: string, ranges: readonly (readonly [from: number, to: number])[]): string {
  let shown = '';
  let end = 0;
  for (const [from, to] of ranges.toSorted(([one], [other]) => one - other)) {
    if (from >= end) shown += `${text.slice(end, from)}***`;
    end = Math.max(end, to);
  }
  return shown + text.slice(end);
}
