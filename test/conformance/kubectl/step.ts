/** `kubectl` holds the sandbox to a real server as people see it: one table of commands, by the real kubectl. */

/** A command, and what happens while it runs. Steps build upon each other. */
export interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** On standard input, for `-f -`; `$(said)` in it is what the command before said. */
  readonly input?: readonly object[];
  /** Becomes the editor: a script of `sed` for the file. */
  readonly editor?: string;
  /** Of standard output and standard error together. Default: nothing is wanted of them but that they are the same. */
  readonly says?: RegExp;
  /** Default 0. */
  readonly code?: number;
  /** The command is ended after so many lines; what it does after the first of them is `meanwhile`. */
  readonly lines?: number;
  readonly meanwhile?: readonly Step[];
  /** Why its output may differ between the servers. */
  readonly differs?: string;
}

export const step = (args: string, says?: RegExp, rest: Partial<Step> = {}): Step => ({
  name: args,
  args: args.split(' '),
  ...(says === undefined ? {} : { says }),
  ...rest,
});

export const patterned = (args: readonly string[], says?: RegExp, rest: Partial<Step> = {}): Step => ({
  name: args.join(' '),
  args,
  ...(says === undefined ? {} : { says }),
  ...rest,
});
