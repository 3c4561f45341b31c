import { PatternError, RegexBudgetError, stepBudget } from '../regex/pattern-error.ts';
import { escapePattern, Regex } from '../regex/regex.ts';
import { sh } from '../shell/sh.ts';
import {
  type Answer,
  type Arguments,
  type HostFunctionSpec,
  linesOf,
  printed,
  type Said,
} from './question.ts';

/** Steps that a pattern may take over all processes. */
const STEP_LIMIT = 20_000_000;

/** `ps.*` out of /proc, and what `status.*` says of the machine. */
export const processFunctions: readonly HostFunctionSpec[] = [
  {
    name: 'ps.pgrep',
    parameters: ['pattern', 'user?', 'full?', 'pattern_is_regex?'],
    guess: null,
    // One line a process: its number, its owner, its name, its command line. What has ended meanwhile is left out.
    script: () => sh`for slab_p in /proc/[0-9]*; do
  slab_name=$(cat "$slab_p/comm" 2>/dev/null) || continue
  slab_line=$(tr '\0\n' '  ' <"$slab_p/cmdline" 2>/dev/null)
  printf '%s\t%s\t%s\t%s\n' "$slab_p" "$(stat -c %U "$slab_p" 2>/dev/null)" "$slab_name" "$slab_line"
done`,
    read: readProcesses,
  },
  number('ps.num_cpus', sh`grep -c '^processor' /proc/cpuinfo`),
  number('ps.boot_time', sh`sed -n 's/^btime //p' /proc/stat`),
  number('ps.total_physical_memory', sh`sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo`, 1024),
  number('status.nproc', sh`nproc`),
  // No status.time: what the clock says would make every plan differ from the one before. Formulas ask whether it is there.
];

function number(name: string, script: ReturnType<typeof sh>, factor = 1): HostFunctionSpec {
  return {
    name,
    parameters: [],
    guess: 0,
    script: () => script,
    read: (said) => (said.code === 0 ? { value: Number(said.stdout.trim()) * factor } : printed(said)),
  };
}

/** The numbers of the processes whose name, or whole command line, holds the pattern; None when there is none. */
function readProcesses(said: Said, args: Arguments): Answer {
  const text = args.text('pattern');
  const user = args.text('user');
  try {
    const regex = new Regex(args.flag('pattern_is_regex', false) ? text : escapePattern(text));
    const budget = stepBudget(STEP_LIMIT);
    const found = linesOf(said).flatMap((line) => {
      const [folder = '', owner = '', name = '', command = ''] = line.split('\t');
      const looked = args.flag('full', false) ? command : name;
      const fits = (user === '' || owner === user) && regex.find(looked, 'search', budget) !== undefined;
      return fits ? [Number(folder.replace('/proc/', ''))] : [];
    });
    return { value: found.length === 0 ? null : found.toSorted((a, b) => a - b) };
  } catch (error) {
    if (error instanceof PatternError || error instanceof RegexBudgetError) return { problem: error.message };
    throw error;
  }
}
