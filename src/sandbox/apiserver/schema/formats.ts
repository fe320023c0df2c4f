/**
 * The `format`s of strings that the API server checks; an unknown one says nothing.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation
 */
import { isIP, isIPv4, isIPv6 } from 'node:net';

const matches = (expression: RegExp) => (text: string) => expression.test(text);

const label = '[0-9a-z]([-0-9a-z]*[0-9a-z])?';
const scalaDuration =
  /^\d+\s*(ns|us|µs|ms|s|m|h|d|w|nano(second)?s?|micro(second)?s?|milli(second)?s?|seconds?|minutes?|hours?|days?|weeks?)$/;
const goDuration = /^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;

const checks = new Map<string, (text: string) => boolean>(
  Object.entries({
    byte: matches(/^([0-9A-Za-z+/]{4})*([0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/),
    cidr: isCidr,
    date: isDate,
    datetime: isDateTime,
    duration: (text) => goDuration.test(text) || scalaDuration.test(text),
    email: matches(/^[^\s@]+@[^\s@]+$/),
    hexcolor: matches(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i),
    hostname: (text) => text.length <= 253 && new RegExp(`^${label}(\\.${label})*\\.?$`, 'i').test(text),
    ipv4: isIPv4,
    ipv6: isIPv6,
    k8slongname: (text) => text.length <= 253 && new RegExp(`^${label}(\\.${label})*$`).test(text),
    k8sshortname: (text) => text.length <= 63 && new RegExp(`^${label}$`).test(text),
    mac: matches(/^([0-9a-f]{2}([:-][0-9a-f]{2}){5}|[0-9a-f]{4}(\.[0-9a-f]{4}){2})$/i),
    quantity: matches(/^[+-]?(\d+\.?\d*|\.\d+)([EPTGMK]i|[numkMGTPE]|[eE][+-]?\d+)?$/),
    uri: (text) => text.startsWith('/') || URL.canParse(text),
    uuid: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
    uuid3: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
    uuid4: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
    uuid5: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  }),
);

/** Whether a string has the format; the hyphens in a format's name mean nothing. */
export function hasFormat(format: string, text: string): boolean {
  return checks.get(format.replaceAll('-', ''))?.(text) ?? true;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

/** RFC 3339 date-time; the fraction and either case of `T` and `Z` are free. */
function isDateTime(text: string): boolean {
  const [date, time, ...rest] = text.toLowerCase().split('t');
  if (date === undefined || time === undefined || rest.length > 0 || !isDate(date)) return false;
  const parts = /^(\d{2}):(\d{2}):(\d{2})(\.\d+)?(z|[+-]\d{2}:\d{2})$/.exec(time);
  return parts !== null && Number(parts[1]) < 24 && Number(parts[2]) < 60 && Number(parts[3]) < 60;
}

function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const version = isIP(address);
  return rest.length === 0 && version !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}
