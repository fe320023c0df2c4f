/** Ages as kubectl shows them. https://github.com/kubernetes/apimachinery/blob/master/pkg/util/duration/duration.go */

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** The age of an RFC 3339 time; `<unknown>` when there is none. */
export function age(time: unknown, now: Temporal.Instant): string {
  if (typeof time !== 'string') return '<unknown>';
  try {
    return shortDuration(Math.floor((now.epochMilliseconds - Temporal.Instant.from(time).epochMilliseconds) / 1000));
  } catch {
    return '<unknown>';
  }
}

/** The time between two RFC 3339 times; `<unknown>` when one of them is none. */
export function between(start: string, end: string): string {
  try {
    return age(start, Temporal.Instant.from(end));
  } catch {
    return '<unknown>';
  }
}

function shortDuration(seconds: number): string {
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * minute) return `${seconds}s`;
  const minutes = Math.floor(seconds / minute);
  if (minutes < 10) return joined(minutes, 'm', seconds % minute, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(seconds / hour);
  if (hours < 8) return joined(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(seconds / day);
  if (hours < 192) return joined(days, 'd', hours % 24, 'h');
  if (days < 2 * 365) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? joined(years, 'y', days % 365, 'd') : `${years}y`;
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
