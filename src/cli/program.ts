/**
 * `cli` is the `kuberik` command: `commands/` reads flags and the cluster, `views/` turns what was read into text, `demo/`
 * plays a story. Here: the commands put together, and how the process ends.
 */
import { Command, CommanderError } from 'commander';
import { cancelCommand, retryCommand, revokeCommand, unblockCommand } from './commands/after-failure.ts';
import { controllerCommand } from './commands/controller.ts';
import { crdsCommand } from './commands/crds.ts';
import { approveCommand, rejectCommand } from './commands/decide.ts';
import { demoCommand } from './commands/demo.ts';
import { deployCommand, rollbackCommand } from './commands/deploy.ts';
import { explainCommand } from './commands/explain.ts';
import { forecastCommand } from './commands/forecast.ts';
import { freezeCommand, unfreezeCommand } from './commands/freeze.ts';
import { getCommand } from './commands/get.ts';
import { historyCommand } from './commands/history.ts';
import { pinCommand, unpinCommand } from './commands/pin.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { versionCommand } from './commands/version.ts';
import type { CliContext } from './context.ts';
import { CliError, describeError, ExitCode, usageError } from './errors.ts';
import { connectionOptions, impersonationOptions, namespaceOption } from './flags.ts';

const exitCodes = `
Exit codes:
  0  done
  1  failed
  2  the command line cannot be understood
  3  the object, or the version, is not there
  4  no answer from the API server, or no usable kubeconfig
  5  the API server does not allow it`;

/** Runs one command line (without the program's name) and says how it ended. Never rejects. */
export async function runCli(parameters: readonly string[], context: CliContext): Promise<ExitCode> {
  const program = createProgram(context);
  try {
    await program.parseAsync(parameters, { from: 'user' });
    return ExitCode.Ok;
  } catch (error) {
    // Commander has said what is wrong, or has printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Ok : ExitCode.Usage;
    if (context.signal.aborted && !(error instanceof CliError)) return ExitCode.Ok;
    const { exitCode, message, remedy } = describeError(error);
    context.note(`${context.paint('bad', 'error:')} ${message}\n`);
    if (remedy !== undefined) context.note(`${context.paint('strong', 'try:')} ${remedy}\n`);
    return exitCode;
  }
}

function createProgram(context: CliContext): Command {
  const program = new Command('kuberik')
    .description('Delivers releases to Kubernetes: gates, bake, rollback, promotion. You push, it does the rest.')
    .addHelpText('after', exitCodes)
    .showHelpAfterError('(use --help for how it is written)');
  const commands = [
    getCommand,
    explainCommand,
    forecastCommand,
    historyCommand,
    deployCommand,
    rollbackCommand,
    pinCommand,
    unpinCommand,
    approveCommand,
    rejectCommand,
    retryCommand,
    unblockCommand,
    revokeCommand,
    cancelCommand,
    freezeCommand,
    unfreezeCommand,
    controllerCommand,
    sandboxCommand,
    demoCommand,
    crdsCommand,
    versionCommand,
  ];
  for (const command of commands) program.addCommand(command(context));
  // kubectl takes them before the command as well, and so do people's habits.
  impersonationOptions(connectionOptions(namespaceOption(program))).hook('preAction', refuseStrayOptions);
  program.helpCommand(false);
  for (const command of everyCommand(program)) {
    command
      .exitOverride()
      .configureOutput({ writeOut: context.out, writeErr: context.note, getOutHelpWidth: () => context.width });
  }
  return program;
}

/** What stands before a command is for that command: one that would take no notice of it says so. */
function refuseStrayOptions(program: Command, command: Command): void {
  for (const option of program.options) {
    const isGiven = program.getOptionValue(option.attributeName()) !== undefined;
    if (!isGiven || command.options.some(({ long }) => long === option.long)) continue;
    throw usageError(`kuberik ${command.name()} has no option ${option.long ?? option.flags}`, 'leave it out');
  }
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
