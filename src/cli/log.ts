/** Structured logs: JSON for machines, or a line for people. */
import { pino } from 'pino';
import { isRecord } from '../api/json.ts';
import type { Clock } from '../kube/clock.ts';
import type { Logger } from '../kube/logger.ts';
import { oneLine, type Paint, type Tone } from './paint.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ['json', 'text'] as const;
export type LogFormat = (typeof logFormats)[number];

export interface LogOptions {
  readonly clock: Clock;
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** For `text`. */
  readonly paint: Paint;
  /** Takes whole lines. */
  readonly write: (line: string) => void;
}

export function createLogger({ clock, level, format, paint, write }: LogOptions): Logger {
  const out = {
    write: (line: string): void => {
      write(format === 'json' ? line : textLine(line, paint));
    },
  };
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${clock.now().toString({ smallestUnit: 'millisecond' })}"`,
      formatters: { level: (label) => ({ level: label }) },
      // An error is told by its message; its stack is for debugging.
      serializers: {
        error: (error: unknown) => describe(error, level),
        err: (error: unknown) => describe(error, level),
      },
    },
    out,
  );
}

function describe(error: unknown, level: LogLevel): unknown {
  if (!(error instanceof Error)) return error;
  return level === 'debug' ? error.stack : error.message;
}

const tones: Readonly<Record<string, Tone>> = { debug: 'faint', info: 'plain', warn: 'waiting', error: 'bad' };

/** `12:00:01.250 info  message key=value`, from the JSON line. */
function textLine(json: string, paint: Paint): string {
  const record: unknown = JSON.parse(json);
  if (!isRecord(record)) return json;
  const { time, level, msg, ...fields } = record;
  const label = show(level);
  const pairs = Object.entries(fields).map(([key, value]) => paint('faint', `${key}=`) + quote(show(value)));
  const head = `${show(time).slice(11, 23)} ${paint(tones[label] ?? 'plain', label.padEnd(5))} ${show(msg)}`;
  return `${[head, ...pairs].join(' ')}\n`;
}

function show(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}

function quote(text: string): string {
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}
