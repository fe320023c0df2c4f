/** JSON as rules see it: typed by the schema, with property names that CEL can spell. */
import type { Environment } from '@marcbachmann/cel-js';
import { isArray, isObject, type Json } from '../json.ts';
import type { SchemaNode } from './node.ts';

const reserved: ReadonlySet<string> = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return var ' +
    'void while'
  ).split(' '),
);

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-expression */
function escapeName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

export type ToCel = (schema: SchemaNode | undefined, value: unknown, resource: boolean) => unknown;

/** A converter whose durations are the environment's own. */
export function celConverter(environment: Environment): ToCel {
  const duration = environment.clone().registerVariable('text', 'string').parse('duration(text)');
  const convert: ToCel = (schema, value, resource) => {
    if (isArray(value)) return value.map((item) => convert(schema?.items, item, schema?.items?.embedded === true));
    if (isObject(value)) return convertObject(schema, value, resource);
    if (typeof value === 'number') return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
    return typeof value === 'string' ? convertText(schema?.format ?? '', value) : value;
  };
  const convertObject = (schema: SchemaNode | undefined, object: Json, resource: boolean): Json => {
    const entries = Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
      if (resource && key === 'metadata') return [[key, identityOf(value)]];
      if (resource && (key === 'apiVersion' || key === 'kind')) return [[key, value]];
      const property =
        schema !== undefined && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
      if (property !== undefined) return [[escapeName(key), convert(property, value, property.embedded)]];
      const additional = schema?.additional === true ? undefined : schema?.additional;
      return [[key, convert(additional, value, additional?.embedded === true)]];
    });
    return Object.fromEntries(entries);
  };
  /** The format takes more than CEL does (`3 weeks`): what it does not take stays a text. */
  const convertDuration = (text: string): unknown => {
    try {
      const converted: unknown = duration({ text });
      return converted;
    } catch {
      return text;
    }
  };
  const convertText = (format: string, text: string): unknown => {
    if (format === 'date-time' || format === 'date') return new Date(text);
    if (format === 'byte') return Uint8Array.from(Buffer.from(text, 'base64'));
    return format === 'duration' ? convertDuration(text) : text;
  };
  return convert;
}

/** Rules see no more of the metadata than the names. */
function identityOf(metadata: unknown): Json {
  if (!isObject(metadata)) return {};
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key === 'name' || key === 'generateName'));
}
