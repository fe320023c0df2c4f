/**
 * `guides` runs the commands of `docs/guides` and compares what they print. This file: what of a guide is run.
 *
 * - A block of `yaml` is applied, by kubectl and by whoever may everything. With a comment `<!-- name.yaml -->` before it
 *   it is a file instead, for the commands below.
 * - A block of `console` has command lines and what they print below. A line begins with a prompt that says who types:
 *   `$` may everything, `alice$` is Alice. A line that ends with `\` goes on in the next one.
 * - A comment `<!-- test: ... -->` is what happens meanwhile and is nobody's command, such as a release: `site.ts` has
 *   the list. A block of `json` right after it belongs to it.
 * - Everything else is for reading. `printed.ts` says how printed text is compared.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface At {
  readonly line: number;
}

export interface Command extends At {
  readonly kind: 'command';
  /** Empty: whoever may everything. */
  readonly person: string;
  readonly text: string;
  readonly printed: string;
}

export type Step =
  | Command
  | (At & { readonly kind: 'apply'; readonly yaml: string })
  | (At & { readonly kind: 'file'; readonly name: string; readonly yaml: string })
  | (At & { readonly kind: 'event'; readonly text: string; readonly json: string });

const folder = join(import.meta.dirname, '../../docs/guides');
const block = (language: string, name: string): string => `^\`\`\`${language}\\n(?<${name}>.*?)^\`\`\`$`;
const stepExpression = new RegExp(
  [
    `^<!-- test: (?<event>[^\\n]*?) -->$(?:\\n+${block('json', 'json')})?`,
    `(?:^<!-- (?<file>\\S+\\.yaml) -->$\\n+)?${block('yaml', 'yaml')}`,
    block('console', 'console'),
  ].join('|'),
  'gms',
);
const promptExpression = /^([a-z]*)\$ (.*)$/;

export function readGuide(name: string): readonly Step[] {
  const text = readFileSync(join(folder, `${name}.md`), 'utf8');
  return [...text.matchAll(stepExpression)].flatMap(({ index, groups = {} }): readonly Step[] => {
    const line = text.slice(0, index).split('\n').length;
    const { event, json = '', file, yaml, console: body = '' } = groups;
    if (event !== undefined) return [{ kind: 'event', text: event, json, line }];
    if (file !== undefined) return [{ kind: 'file', name: file, yaml: yaml ?? '', line }];
    return yaml === undefined ? commands(body, line + 1) : [{ kind: 'apply', yaml, line }];
  });
}

function commands(body: string, first: number): readonly Command[] {
  const steps: { -readonly [Key in keyof Command]: Command[Key] }[] = [];
  let goesOn = false;
  for (const [index, line] of body.split('\n').entries()) {
    const [, person, text] = promptExpression.exec(line) ?? [];
    const last = steps.at(-1);
    if (goesOn && last !== undefined) last.text = `${last.text.slice(0, -1)}${line.trim()}`;
    else if (text !== undefined)
      steps.push({ kind: 'command', person: person ?? '', text, printed: '', line: first + index });
    else if (last !== undefined) last.printed += `${line}\n`;
    else if (line !== '') throw new Error(`line ${first + index}: a block of console begins with a command`);
    goesOn = steps.at(-1)?.text.endsWith('\\') === true && (goesOn || text !== undefined);
  }
  return steps;
}

/** Splits a command line as a shell would, as far as guides need it. */
export function wordsOf(line: string): readonly string[] {
  const parts = line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g);
  return [...parts].map(([word]) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}
