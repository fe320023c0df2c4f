/** What people write into resources: values, selectors, annotations, and whole objects of any age. */

import { Compile } from 'typebox/compile';
import { annotationValue, substituteVariable } from '../../../src/api/annotations.ts';
import { formatDuration, parseDuration } from '../../../src/api/duration.ts';
import { InvalidObjectError, InvalidValueError } from '../../../src/api/errors.ts';
import { instantOf, momentAfter, timestamp } from '../../../src/api/instant.ts';
import { isRecord } from '../../../src/api/json.ts';
import { compileLabelSelector } from '../../../src/api/label-selector.ts';
import { LabelSelector } from '../../../src/api/meta.ts';
import { resources } from '../../../src/api/resources.ts';
import { shapeOf } from '../../../src/api/shape.ts';
import { isDigest, isTag, parseDigest, parseTag } from '../../../src/api/tag.ts';
import { labelSelector } from '../../../src/sandbox/apiserver/label-selector.ts';
import { holds, holdsPlain, jsonOf, type Target } from '../engine/target.ts';

const isInvalidValue = (error: unknown): boolean => error instanceof InvalidValueError;

const duration: Target = {
  name: 'duration',
  refuses: isInvalidValue,
  run(input) {
    const parsed = parseDuration(input);
    const text = formatDuration(parsed);
    const again = parseDuration(text);
    holds(`${text} is the same span`, Temporal.Duration.compare(again, parsed) === 0);
    holds('what is printed is printed like that again', formatDuration(again) === text);
  },
};

const tag: Target = {
  name: 'tag',
  refuses: isInvalidValue,
  run(input) {
    if (isDigest(input)) parseDigest(input);
    else if (!isTag(input)) parseDigest(input);
    parseTag(isTag(input) ? input : 'latest');
  },
};

const instant: Target = {
  name: 'instant',
  run(input) {
    const parsed = instantOf(input);
    if (parsed === undefined) return;
    // What a controller does with it: waits of up to 292 years.
    for (const hours of [-2_562_047, 2_562_047]) timestamp(parsed.add({ hours }));
    const text = timestamp(parsed);
    holds(`${text} has four digits of a year`, /^\d{4}-/.test(text));
    holds('it reads what it writes', instantOf(text) !== undefined && instantOf(momentAfter(parsed)) !== undefined);
  },
};

const annotation: Target = {
  name: 'annotation',
  run(input) {
    const value = annotationValue(input);
    holds('it has no blanks around it', value === value.trim());
    const variable = substituteVariable(input);
    holds('a variable has no dot', variable === undefined || !variable.includes('.'));
  },
};

const selectorShape = Compile(shapeOf(LabelSelector));
const isSelector = (value: unknown): value is LabelSelector => selectorShape.Check(value);

/** As a query has it; undefined where a query has no way to say it. */
function asQuery({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const words: Readonly<Record<string, string>> = { In: 'in', NotIn: 'notin', Exists: '', DoesNotExist: '!' };
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      const word = words[operator] ?? '';
      if (word === '!') return `!${key}`;
      return word === '' ? key : `${key} ${word} (${values.join(',')})`;
    }),
  ].join(',');
}

const selector: Target = {
  name: 'label-selector',
  form: 'json',
  refuses: isInvalidValue,
  run(input) {
    const parsed = jsonOf(input);
    if (!isSelector(parsed)) return;
    const matches = compileLabelSelector(parsed);
    const query = asQuery(parsed);
    const printed = labelSelector(query) ?? (() => true);
    const expressions = parsed.matchExpressions ?? [];
    const wanted = Object.fromEntries([
      ...expressions.map(({ key, values = [] }): [string, string] => [key, values[0] ?? '']),
      ...Object.entries(parsed.matchLabels ?? {}),
    ]);
    for (const labels of [{}, wanted, { app: 'a' }]) {
      holds(`${query} selects the same`, matches(labels) === printed({ metadata: { labels } }));
    }
  },
};

const objects: Target = {
  name: 'objects',
  form: 'json',
  refuses: (error) => error instanceof InvalidObjectError,
  run(input) {
    const object = jsonOf(input);
    const before = JSON.stringify(object) as string | undefined;
    const kind = isRecord(object) ? object.kind : undefined;
    const [first] = resources;
    const { parse } = resources.find((resource) => resource.kind === kind) ?? first;
    try {
      const parsed: unknown = parse(object);
      holds('what was read is read again', parse(parsed) === parsed);
      holdsPlain(parsed);
    } finally {
      holds('what is read is not changed', JSON.stringify(object) === before);
    }
  },
};

export const apiTargets: readonly Target[] = [duration, tag, instant, annotation, selector, objects];
