/** The reference page of the metrics. */
import { type MetricDoc, metricSections } from '../metrics.ts';
import { GENERATED_NOTE, type GeneratedFile } from './generated-file.ts';
import { cell, code, document, table } from './markdown.ts';

export function metricsFile(): GeneratedFile {
  const sections = metricSections.flatMap(({ title, description, metrics }) => [
    `## ${title}`,
    description,
    table(['Name', 'Type', 'Labels', 'What it says'], metrics.map(row)),
  ]);
  const text = document([
    `<!-- ${GENERATED_NOTE} -->`,
    '# Metrics',
    'What the controller shows at `/metrics`. How to scrape and read it: [the guide](../guides/metrics.md).',
    ...sections,
  ]);
  return { path: 'docs/reference/metrics.md', text };
}

function row({ name, type, labels, help, buckets = [] }: MetricDoc): string[] {
  const bounds = buckets.length === 0 ? '' : ` Up to ${buckets.map(String).join(', ')}.`;
  return [code(name), type, labels.map(code).join(', '), cell(help + bounds)];
}
