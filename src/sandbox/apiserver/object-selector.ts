/** Label selectors as they stand in objects, applied to objects. */
import { compileLabelSelector } from '../../api/label-selector.ts';
import { type Json, objectOf, objects, text, texts } from './json.ts';

/** An empty selector matches everything. @throws InvalidValueError for a selector that is none */
export function objectMatcher(selector: Json): (object: Json) => boolean {
  const matches = compileLabelSelector({
    matchLabels: textMap(selector.matchLabels),
    matchExpressions: objects(selector.matchExpressions).map(({ key, operator, values }) => {
      return { key: text(key), operator: text(operator), values: texts(values) };
    }),
  });
  return (object) => matches(textMap(objectOf(object.metadata).labels));
}

function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, one]) => [key, text(one)]));
}
