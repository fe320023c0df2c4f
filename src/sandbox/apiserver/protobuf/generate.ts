/**
 * Writes `messages.generated.ts` from the protocol buffer descriptions that Kubernetes publishes in its Go modules
 * `k8s.io/api` and `k8s.io/apimachinery` (`generated.proto`; Apache-2.0).
 * Run: `npx node src/sandbox/apiserver/protobuf/generate.ts <directory of each module>`.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionName } from '../builtin/definitions.ts';
import { resourceTexts } from '../builtin/resources.generated.ts';
import { reviewKinds } from '../discovery/reviews.ts';
import { objectOf, text } from '../json.ts';

interface Field {
  readonly number: string;
  readonly name: string;
  /** With `*` before it when repeated; `map` for string maps, followed by the value's type. */
  readonly type: string;
}

const scalars = new Set(['string', 'bytes', 'bool', 'int32', 'int64', 'double', 'uint32', 'uint64', 'float']);

/** `k8s.io.api.core.v1` is `io.k8s.api.core.v1` in OpenAPI. */
function openApiName(proto: string): string {
  return proto.replace(/^k8s\.io\./, 'io.k8s.');
}

function readMessages(file: string): Map<string, Field[]> {
  const source = readFileSync(file, 'utf8');
  const own = /^package ([\w.]+);/m.exec(source)?.[1] ?? '';
  const typeName = (name: string): string => {
    if (scalars.has(name)) return name;
    return openApiName(name.startsWith('.') ? name.slice(1) : name.includes('.') ? name : `${own}.${name}`);
  };
  const messages = new Map<string, Field[]>();
  let current: Field[] = [];
  for (const line of source.split('\n')) {
    const message = /^message (\w+) \{/.exec(line)?.[1];
    if (message !== undefined) {
      current = [];
      messages.set(openApiName(`${own}.${message}`), current);
    }
    const map = /^ {2}map<string, ([\w.]+)> (\w+) = (\d+);/.exec(line);
    const field = /^ {2}(optional|repeated) ([\w.]+) (\w+) = (\d+);/.exec(line);
    if (map !== null) current.push({ number: map[3] ?? '', name: map[2] ?? '', type: `map ${typeName(map[1] ?? '')}` });
    if (field !== null) {
      const type = `${field[1] === 'repeated' ? '*' : ''}${typeName(field[2] ?? '')}`;
      current.push({ number: field[4] ?? '', name: field[3] ?? '', type });
    }
  }
  return messages;
}

const all = new Map<string, Field[]>();
for (const directory of process.argv.slice(2)) {
  for (const file of globSync('**/generated.proto', { cwd: directory })) {
    for (const [name, fields] of readMessages(join(directory, file))) all.set(name, fields);
  }
}

const rows = resourceTexts.map((row) => objectOf(JSON.parse(row)));
const kinds = [...rows, ...reviewKinds.map((kind) => ({ ...kind }))];
const wanted = new Set(
  kinds.map((kind) => definitionName(text(kind.group), text(kind.version), text(kind.kind)) ?? ''),
);
wanted.add('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions').add('io.k8s.api.autoscaling.v1.Scale');
for (const name of wanted) {
  for (const { type } of all.get(name) ?? []) {
    const reference = type.replace(/^(\*|map )/, '');
    if (!scalars.has(reference)) wanted.add(reference);
  }
}

const lines = [...wanted].sort().flatMap((name) => {
  const fields = all.get(name);
  if (fields === undefined) return [];
  return [
    `  '${name}':\n    '${fields.map(({ number, name: field, type }) => `${number} ${field} ${type}`).join(';')}',`,
  ];
});
writeFileSync(
  new URL('messages.generated.ts', import.meta.url),
  `// Generated from the protocol buffer descriptions of Kubernetes (Apache-2.0) by generate.ts; do not edit.
/** Fields of each message as \`number name type\`; \`*\` marks repeated ones, \`map\` string maps. */
export const messageTexts: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`,
);
