/** Objects as `-o` asks for them: table, wide, json, yaml or name, in kubectl's forms. */
import { stringify } from 'yaml';
import type { KubeObject } from '../api/meta.ts';
import { groupOf, type ResourceType } from '../api/resource-type.ts';
import { usageError } from './errors.ts';
import type { Paint } from './paint.ts';
import { type Column, createTable } from './table.ts';

export const outputFormats = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** @throws CliError for an unknown format. */
export function parseOutput(text: string): OutputFormat {
  const format = outputFormats.find((known) => known === text);
  if (format !== undefined) return format;
  throw usageError(`there is no output format "${text}"`, `use one of: ${outputFormats.join(', ')}`);
}

/** Any plain data as a document; undefined for the formats that only objects have. */
export function renderData(data: unknown, format: OutputFormat): string | undefined {
  if (format === 'json') return `${JSON.stringify(data, undefined, 4)}\n`;
  if (format === 'yaml') return stringify(data, { lineWidth: 0 });
  return undefined;
}

export interface ObjectPrinter<T> {
  /** The text for these objects: a whole list first, single ones as they change afterwards. */
  readonly print: (objects: readonly T[]) => string;
}

export interface PrinterOptions<T extends KubeObject> {
  readonly type: ResourceType<T>;
  readonly format: OutputFormat;
  readonly columns: readonly Column<T>[];
  readonly paint: Paint;
  /** One object was asked for by name: no List around it. */
  readonly single: boolean;
}

export function createObjectPrinter<T extends KubeObject>(options: PrinterOptions<T>): ObjectPrinter<T> {
  const { type, format, columns, paint, single } = options;
  if (format === 'name') {
    const group = groupOf(type);
    const prefix = group === '' ? type.kind.toLowerCase() : `${type.kind.toLowerCase()}.${group}`;
    return { print: (objects) => objects.map(({ metadata }) => `${prefix}/${metadata.name}\n`).join('') };
  }
  if (format === 'json' || format === 'yaml') {
    let first = true;
    return {
      print(objects) {
        const shown = objects.map(withoutBookkeeping);
        const [only] = shown;
        const bare = (single || !first) && only !== undefined;
        const document = bare
          ? only
          : { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: shown };
        const separator = first || format === 'json' ? '' : '---\n';
        first = false;
        return separator + (renderData(document, format) ?? '');
      },
    };
  }
  const table = createTable(columns, format === 'wide', paint);
  return {
    print: (objects) =>
      table
        .lines(objects)
        .map((line) => `${line}\n`)
        .join(''),
  };
}

/** Without `metadata.managedFields`, as kubectl prints. */
function withoutBookkeeping(object: KubeObject): KubeObject {
  const metadata = { ...object.metadata };
  delete metadata.managedFields;
  return { ...object, metadata };
}
