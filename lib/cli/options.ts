import { InvalidArgumentError, Option, type Command } from 'commander';

/** Which project, environment and hosts a command is about. */
export interface ProjectOptions {
  readonly project: string;
  readonly inventory?: string;
  readonly states: readonly string[];
  readonly target?: string;
  readonly pillarData?: string;
  /** Somebody else wrote it: it may run no program and read nothing outside of its folder. */
  readonly untrusted?: boolean;
  /** Everything is read at once: what happens to the files later does not matter. */
  readonly pin?: boolean;
}

/** How strictly to read states. */
export interface StrictOptions {
  readonly lax?: boolean;
}

/** How to reach hosts. */
export interface ReachOptions {
  readonly parallel: number;
  readonly connectTimeout: number;
  readonly askPassword?: boolean;
  readonly askSudo?: boolean;
  readonly input: boolean;
}

/** How long what may cut slab off is on trial. */
export interface TrialOptions {
  readonly confirmWithin?: number;
}

/** How long a host that a state reboots may stay away. */
interface RebootOptions {
  /** Seconds. */
  readonly rebootWithin?: number;
}

/** Whether to wait for hosts on which somebody else is at work. */
export interface WaitOptions {
  /** Seconds. */
  readonly wait?: number;
}

/** What to do with commands of which nobody knows whether they ended. */
export interface UnknownOptions {
  readonly runUnknown?: boolean;
  readonly skipUnknown?: boolean;
}

/** How to show things. */
export interface ShowOptions {
  readonly color: 'auto' | 'always' | 'never';
  readonly progress: 'auto' | 'live' | 'lines' | 'none';
  readonly ascii?: boolean;
  readonly width?: number;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Adds the options that choose project, environment and hosts; each can come from the environment too. */
export function withProject(command: Command): Command {
  return command
    .addOption(new Option('-C, --project <dir>', 'the project folder').env('SLAB_PROJECT').default('.'))
    .addOption(
      new Option('-i, --inventory <dir>', 'the environment: a folder with inventory.yaml, or its name').env(
        'SLAB_INVENTORY',
      ),
    )
    .addOption(
      new Option(
        '-t, --target <expression>',
        "which hosts: 'web*', 'kind:physical', 'G@os:Debian and not db1'",
      ),
    )
    .addOption(new Option('--states <dir...>', 'state trees, first wins (default: states)').default([], ''))
    .addOption(
      new Option(
        '--pillar-data <json>',
        'pillar that wins over all files: {"key": "value"}, a file of JSON, or - for stdin',
      ),
    );
}

/** Adds the option that says how strictly states are read. */
export function withStrictness(command: Command): Command {
  return command.option(
    '--lax',
    'warn of arguments that a state function does not know instead of refusing them (formulas have some)',
  );
}

/** Adds the options that say how to reach hosts. */
export function withReach(command: Command): Command {
  return command
    .addOption(
      new Option('--parallel <n>', 'hosts at the same time')
        .argParser(positive)
        .env('SLAB_PARALLEL')
        .default(50),
    )
    .addOption(
      new Option('--connect-timeout <seconds>', 'wait this long for a host to answer')
        .argParser(positive)
        .default(10),
    )
    .option('--ask-password', 'ask once for the login password, before work starts')
    .option('--ask-sudo', 'ask once for the sudo password, before work starts')
    .option('--no-input', 'never ask anything');
}

/** A network may need half a minute to settle, and a new login alone some seconds. */
const LEAST_SECONDS = 20;

/** Adds the option that says how long what may cut slab off is on trial. */
export function withTrial(command: Command): Command {
  return command.option(
    '--confirm-within <seconds>',
    'how long what may cut slab off is on trial before the host takes it back (60)',
    (text) => {
      const seconds = /^\d+$/.test(text) ? Number(text) : 0;
      if (seconds >= LEAST_SECONDS && seconds <= 3600) return seconds;
      throw new InvalidArgumentError(`It must be ${LEAST_SECONDS} to 3600 seconds.`);
    },
  );
}

/** Adds the option that says how long a host that a state reboots may stay away. */
function withReboot(command: Command): Command {
  return command.addOption(
    new Option(
      '--reboot-within <seconds>',
      'how long a host that a state reboots may take until it answers with a new boot (900)',
    ).argParser(positive),
  );
}

/** Adds the option that waits for hosts on which somebody else is at work. */
function withWait(command: Command): Command {
  return command.addOption(
    new Option(
      '--wait <seconds>',
      'wait so long for a host that another run holds; without it that host is refused at once',
    ).argParser(positive),
  );
}

/** Adds the options that say what to do with commands of which nobody knows whether they ended. */
export function withUnknown(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--run-unknown',
        'run again what an earlier run began and nobody knows whether it ended; without it that host is refused',
      ).conflicts('skipUnknown'),
    )
    .option('--skip-unknown', 'take for done what an earlier run began and nobody knows whether it ended');
}

/** What every command that changes hosts by states takes. */
export interface ChangeOptions
  extends
    ProjectOptions,
    StrictOptions,
    ReachOptions,
    WaitOptions,
    ShowOptions,
    TrialOptions,
    RebootOptions,
    UnknownOptions {
  readonly yes?: boolean;
}

/** Adds the options of a command that changes hosts by states; its own come before them. */
export function withChange(command: Command): Command {
  command.option('-y, --yes', 'do not ask; without a terminal the answer is no otherwise');
  return withUnknown(
    withReboot(withTrial(withShow(withWait(withReach(withStrictness(withProject(command))))))),
  );
}

/** Adds the options that say how to show things. */
export function withShow(command: Command): Command {
  return command
    .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'))
    .addOption(
      new Option('--progress <how>', 'progress on stderr')
        .choices(['auto', 'live', 'lines', 'none'])
        .default('auto'),
    )
    .addOption(new Option('--width <columns>', 'width of the output').argParser(positive))
    .option('--ascii', 'no characters beyond ASCII')
    .option('--json', 'JSON on stdout')
    .option('-v, --verbose', 'say more');
}

/** What a result is written as. */
export interface FormatOptions {
  readonly format: 'text' | 'md' | 'json';
}

/** Adds the option that says what a result is written as. */
export function withFormat(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'text for terminals, Markdown for the comment of a pull request, or JSON')
      .choices(['text', 'md', 'json'])
      .default('text'),
  );
}

/** A whole number above zero. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new InvalidArgumentError('a whole number above 0 is needed');
  return value;
}
