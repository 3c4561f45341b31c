import type { Chunk } from '../model/state.ts';

/**
 * Arguments that every state takes beside its own: requisites, conditions, order. The engine and the compiler of
 * requisites read them. From Salt's lists of requisite and runtime keywords (salt/state.py).
 */
export const globalArguments: ReadonlySet<string> = new Set([
  // order and the reserved words
  ...['name', 'names', 'order', 'state', 'fun', 'provider', 'saltenv'],
  // requisites
  ...['require', 'require_any', 'watch', 'watch_any', 'onchanges', 'onchanges_any'],
  ...['onfail', 'onfail_any', 'onfail_all', 'onfail_stop', 'prereq', 'prerequired', 'listen', 'use'],
  ...['require_in', 'require_any_in', 'watch_in', 'watch_any_in', 'onchanges_in', 'onchanges_any_in'],
  ...['onfail_in', 'onfail_any_in', 'onfail_all_in', 'prereq_in', 'listen_in', 'use_in'],
  // conditions and the way it runs
  ...['unless', 'onlyif', 'creates', 'cmd_opts_exclude', 'check_cmd', 'retry', 'failhard', 'parallel'],
  ...['aggregate', 'fire_event'],
  ...['runas', 'runas_password', 'umask', 'reload_modules', 'reload_grains', 'reload_pillar'],
]);

/** Arguments by which a state may not run at all, depending on the host or on other states. */
const conditionArguments: readonly string[] = [
  ...['unless', 'onlyif', 'creates', 'onfail', 'onfail_any', 'onfail_all'],
];

/** Whether a state has a condition: what it declares may never come about. */
export function isConditional({ args }: Pick<Chunk, 'args'>): boolean {
  return conditionArguments.some((name) => args.has(name));
}

/** Arguments that say how the commands of `unless` and `onlyif` run, of a state with one of them that has no such itself. */
export const commandOptions: ReadonlySet<string> = new Set([
  ...['cwd', 'env', 'prepend_path', 'shell', 'timeout', 'success_retcodes'],
]);
