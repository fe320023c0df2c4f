/** Definition -> Markdown: what a person looks up about one resource. */
import type { ConditionDoc, EventDoc, PrinterColumn, ResourceOptions } from '../define-resource.ts';
import { crdObject } from './crd.ts';
import { GENERATED_NOTE, type GeneratedFile } from './generated-file.ts';
import { cell, code, document, table } from './markdown.ts';
import type { StructuralSchema } from './structural-schema.ts';

export function referencePath(options: Pick<ResourceOptions, 'singular'>): string {
  return `docs/reference/${options.singular}.md`;
}

export function referenceFile(options: ResourceOptions): GeneratedFile {
  const schema = crdObject(options).spec.versions[0]?.schema.openAPIV3Schema;
  const { spec = {}, status = {} } = schema?.properties ?? {};
  const text = document([
    `<!-- ${GENERATED_NOTE} -->`,
    `# ${options.kind}`,
    options.description,
    `${code(`${options.group}/${options.version}`)}, ${options.scope === 'Cluster' ? 'cluster-scoped' : 'namespaced'}. ` +
      `In kubectl: ${code(`${options.plural}.${options.group}`)}.`,
    ...fieldSection('spec', spec),
    ...ruleSection(spec),
    ...fieldSection('status', status),
    ...conditionSections(options.conditions ?? []),
    ...eventSection(options.events ?? []),
    '## Columns of `kubectl get`',
    columnTable(options.columns),
  ]);
  return { path: referencePath(options), text };
}

function fieldSection(path: string, schema: StructuralSchema): string[] {
  const rows = fieldRows(path, schema);
  const heading = `## ${code(path)}`;
  if (rows.length === 0) return [heading, 'No fields.'];
  return [heading, schema.description ?? '', table(['Field', 'Type', 'Default', 'Description'], rows)];
}

/** One row for each field, parents before children. */
function fieldRows(parent: string, schema: StructuralSchema): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${parent}.${name}`;
    const required = schema.required?.includes(name) === true ? ' (required)' : '';
    const row = [code(path), `${typeText(field)}${required}`, defaultText(field), cell(descriptionText(field))];
    const inner = field.items === undefined ? fieldRows(path, field) : fieldRows(`${path}[]`, field.items);
    return [row, ...inner];
  });
}

function typeText({ type, format, items, additionalProperties }: StructuralSchema): string {
  if (items !== undefined) return `list of ${typeText(items)}`;
  if (additionalProperties !== undefined) return `map of ${typeText(additionalProperties)}`;
  return format === undefined ? (type ?? 'anything') : `${type ?? ''} (${format})`;
}

function defaultText(schema: StructuralSchema): string {
  return schema.default === undefined || schema.default === '' ? '' : code(JSON.stringify(schema.default));
}

function descriptionText(field: StructuralSchema): string {
  const values = field.enum ?? field.items?.enum;
  const parts = [
    field.description ?? '',
    values === undefined ? '' : `One of ${values.map((v) => code(String(v))).join(', ')}.`,
  ];
  if (typeof field.minimum === 'number' && field.minimum > 0) parts.push(`At least ${field.minimum}.`);
  if (typeof field.minItems === 'number') parts.push(`At least ${field.minItems} element.`);
  return parts.filter((part) => part !== '').join(' ');
}

function ruleSection(spec: StructuralSchema): string[] {
  const rules = Map.groupBy(rulesOf('spec', spec), ({ rule }) => rule);
  if (rules.size === 0) return [];
  const rows = [...rules].map(([rule, places]) => [
    places.map(({ path }) => code(path)).join(', '),
    cell(places[0]?.message ?? ''),
    code(rule),
  ]);
  return ['## What the API server refuses', table(['At', 'Message', 'Rule (CEL)'], rows)];
}

interface PlacedRule {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

function rulesOf(path: string, schema: StructuralSchema): PlacedRule[] {
  const own = (schema['x-kubernetes-validations'] ?? []).map(({ rule, message }) => ({ path, rule, message }));
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => rulesOf(`${path}.${name}`, field));
  return [...own, ...fields, ...(schema.items === undefined ? [] : rulesOf(`${path}[]`, schema.items))];
}

export function conditionSections(conditions: readonly ConditionDoc[]): string[] {
  if (conditions.length === 0) return [];
  const sections = conditions.flatMap(({ type, description, reasons }) => [
    `### ${type}`,
    description,
    table(
      ['Status', 'Reason', 'Meaning'],
      reasons.map((reason) => [reason.status, code(reason.reason), cell(reason.description)]),
    ),
  ]);
  return ['## Conditions', ...sections];
}

function eventSection(events: readonly EventDoc[]): string[] {
  if (events.length === 0) return [];
  const rows = events.map(({ type, reason, description }) => [type, code(reason), cell(description)]);
  return ['## Events', table(['Type', 'Reason', 'When'], rows)];
}

function columnTable(columns: readonly PrinterColumn[]): string {
  const rows = columns.map(({ name, jsonPath, priority = 0 }) => [
    priority > 0 ? `${name} (with ${code('-o wide')})` : name,
    code(jsonPath),
  ]);
  return table(['Column', 'Shows'], rows);
}
