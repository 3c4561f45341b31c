import { Argument, Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** `slab completion`: a script for the shell to complete command lines with. */
export function completionCommand(): Command {
  const command = new Command('completion')
    .description('a completion script: source <(slab completion bash)')
    .addArgument(new Argument('<shell>').choices(SHELLS));
  return command.action((shell: (typeof SHELLS)[number]) => {
    process.stdout.write(completionScript(shell, command.parent ?? command));
  });
}

function completionScript(shell: (typeof SHELLS)[number], program: Command): string {
  const names = program.commands.map((each) => each.name());
  const flags = (each: Command) => each.options.map((option) => option.long).filter((flag) => flag != null);
  switch (shell) {
    case 'bash':
    case 'zsh': {
      const cases = program.commands.map(
        (each) =>
          `    ${each.name()}) words='${[...flags(each), ...each.commands.map((sub) => sub.name())].join(' ')}' ;;`,
      );
      const body = `_slab() {
  local words=''
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words='${names.join(' ')}'; fi
  case \${COMP_WORDS[COMP_CWORD-1]} in
    -i|--inventory) words=$(cd inventories 2>/dev/null && printf '%s ' */) ; words=\${words//\\//} ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _slab slab
`;
      return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${body}` : body;
    }
    case 'fish':
      return [
        ...program.commands.map(
          (each) =>
            `complete -c slab -n __fish_use_subcommand -a ${each.name()} -d '${each.description().replaceAll("'", '')}'`,
        ),
        ...program.commands.flatMap((each) =>
          flags(each).map(
            (flag) =>
              `complete -c slab -n '__fish_seen_subcommand_from ${each.name()}' -l ${flag.replace(/^--/, '')}`,
          ),
        ),
        '',
      ].join('\n');
  }
}
