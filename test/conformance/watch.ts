/** Reads a watch. */
import type { Dispatcher } from 'undici';
import { isObject, type Json } from '../../src/sandbox/apiserver/json.ts';

const longest = 20_000;

/** @returns the events up to the last one, or all until the server ends the watch; or that neither came */
export async function eventsOf(
  body: Dispatcher.ResponseData['body'],
  last: ((event: Json) => boolean) | undefined,
): Promise<Json[]> {
  const events: Json[] = [];
  const late = setTimeout(() => {
    body.destroy(new Error('it did not end'));
  }, longest);
  let rest = '';
  try {
    for await (const chunk of body.setEncoding('utf8')) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((one) => one !== '')) {
        const event: unknown = JSON.parse(line);
        if (!isObject(event)) throw new Error(`a watch said ${line}`);
        if (isRepeated(events, event)) continue;
        events.push(event);
        if (last?.(event) === true) return events;
      }
    }
    return events;
  } catch (error) {
    // For the comparison: a watch that goes on for ever is an answer too.
    return [...events, { type: error instanceof Error ? error.message : 'it broke' }];
  } finally {
    clearTimeout(late);
    body.destroy();
  }
}

/** How many bookmarks come one after the other is a matter of time. */
function isRepeated(events: readonly Json[], event: Json): boolean {
  const before = events.at(-1);
  return event.type === 'BOOKMARK' && before?.type === 'BOOKMARK';
}
