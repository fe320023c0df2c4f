/** Inputs on one line, to print and to give back on a command line. */

/** As a JSON string of ASCII characters. */
export function escaped(input: string): string {
  return JSON.stringify(input).replaceAll(/[^\x20-\x7e]/g, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** @throws SyntaxError */
export function unescaped(text: string): string {
  return String(JSON.parse(text));
}

/** For a shell: nothing in single quotes means anything, but a single quote. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
