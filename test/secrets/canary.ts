/** `secrets` looks for what must be nowhere: values that only Secrets hold, in every form that somebody might give them. */
import { randomBytes } from 'node:crypto';

export interface Canary {
  /** Where it was put. */
  readonly name: string;
  readonly value: string;
}

export interface Sighting {
  readonly canary: string;
  readonly form: string;
  /** What stands around it. */
  readonly context: string;
}

/**
 * Characters that JSON, URLs, forms and shells write in their own ways, around letters that all of them leave alone: those
 * are what is searched for.
 */
function valueOf(core: string): string {
  return `c"n/${core}+&%='\\y`;
}

/** Long enough to be nobody else's, short enough to be seen where a message was cut. */
const shown = 10;

export class Canaries {
  readonly #planted = new Map<string, { readonly name: string; readonly value: string }>();

  /** A value like no other. @param plain letters alone, for where other characters cannot be */
  plant(name: string, plain = false): string {
    const core = `k${randomBytes(15).toString('hex')}`;
    const value = plain ? core : valueOf(core);
    this.#planted.set(core, { name, value });
    return value;
  }

  /** One that somebody else made up. @param core a part of it that no encoding changes */
  watchFor(name: string, core: string): void {
    this.#planted.set(core, { name, value: core });
  }

  /** By its value, as a service received it. */
  nameOf(text: string): readonly string[] {
    return [...this.#planted].filter(([core]) => text.includes(core)).map(([, { name }]) => name);
  }

  /** Those that stand in a text, in whichever form. */
  find(text: string): readonly Sighting[] {
    return [...this.#planted].flatMap(([core, { name }]) =>
      formsOf(core).flatMap(({ form, needle }) => {
        const at = text.indexOf(needle);
        if (at === -1) return [];
        return [{ canary: name, form, context: text.slice(Math.max(0, at - 160), at + needle.length + 40) }];
      }),
    );
  }
}

function formsOf(core: string): readonly { readonly form: string; readonly needle: string }[] {
  const plain = [
    { form: 'plain', needle: core.slice(0, shown) },
    { form: 'the end of it', needle: core.slice(-shown) },
    { form: 'in capitals', needle: core.toUpperCase().slice(0, shown) },
    {
      form: 'hexadecimal',
      needle: Buffer.from(core)
        .toString('hex')
        .slice(0, 2 * shown),
    },
  ];
  return [...plain, ...base64Of(core)];
}

/** Wherever it begins within what is encoded: alone, after `user:`, in a whole document. */
function base64Of(core: string): { form: string; needle: string }[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.from(' '.repeat(before) + core.slice(0, 3 * 6)).toString('base64');
    // Without what also depends on the neighbours; letters and digits alone have neither `+` nor `/` of their own.
    const needle = text.slice(before === 0 ? 0 : before + 1, -4).replaceAll('=', '');
    return { form: `base64, ${before} before`, needle };
  });
}
