/** Keys that a JSON text has twice in one object: a parser keeps the last and says nothing. */

interface Place {
  /** Empty in a list. */
  readonly keys: Set<string> | undefined;
  readonly path: string;
  index: number;
  /** The key whose value is read. */
  key: string;
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** @param body valid JSON. @returns their paths, as `spec.items[0].name` */
export function duplicateKeys(body: string): string[] {
  const found: string[] = [];
  const places: Place[] = [];
  let last = '';
  for (const [token] of body.matchAll(tokens)) {
    const place = places.at(-1);
    if (token === '{') places.push({ keys: new Set(), path: within(place), index: 0, key: '' });
    else if (token === '[') places.push({ keys: undefined, path: within(place), index: 0, key: '' });
    else if (token === '}' || token === ']') places.pop();
    else if (token === ',' && place !== undefined) place.index += 1;
    else if (token === ':' && place?.keys !== undefined) {
      place.key = String(JSON.parse(last));
      if (place.keys.has(place.key)) found.push(within(place));
      place.keys.add(place.key);
    }
    last = token;
  }
  return found;
}

/** The path of what is read now in a place. */
function within(place: Place | undefined): string {
  if (place === undefined) return '';
  if (place.keys === undefined) return `${place.path}[${place.index}]`;
  return place.path === '' ? place.key : `${place.path}.${place.key}`;
}
