import type { Script } from '../model/script.ts';
import type { Step, Trial } from '../model/step.ts';
import { withInput } from '../shell/input.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts, sh } from '../shell/sh.ts';

const host = scriptFile(import.meta.url, './host.sh');
const stage = scriptFile(import.meta.url, './stage.sh');
const undo = scriptFile(import.meta.url, './undo.sh');
const undecided = scriptFile(import.meta.url, './undecided.sh');

/** Functions that a runner needs on hosts with something on trial. */
export const stageFunctions: Script = stage.text;

/** Prints the trials of a host that are not decided yet. Reads only. */
export const undecidedScript: Script = undecided([]);

/** A step that is on trial. */
export type TrialStep = Step & { readonly trial: Trial };

/** The folder of a trial on its host. @param id letters, digits and `-`. */
export function trialFolder(id: string): string {
  return `/run/slab/trial/${id}`;
}

/** Keeps a step for its trial, whole or not at all. @param part its name within the trial. */
export function stageScript(folder: string, part: string, step: TrialStep): Script {
  const { check, save, rollback, resume, confirm, persist, compare, about, stores } = step.trial;
  const scripts = { check, save, trial: step.script, rollback, resume, confirm, persist, compare };
  const at = `${folder}/${part}`;
  const files = Object.entries(scripts).flatMap(([name, script]) =>
    script === undefined ? [] : [keep(`${at}/${name}`, script.text)],
  );
  return joinScripts([
    sh`umask 077
mkdir -p -- ${folder}
mkdir -- ${at}`,
    ...[
      keep(`${at}/title`, step.title),
      keep(`${at}/about`, about),
      keep(`${at}/stores`, stores.map((path) => `${path}\n`).join('')),
      ...files,
    ],
    sh`echo ${part} >>${folder}/parts`,
  ]);
}

function keep(path: string, text: string): Script {
  return withInput(sh`cat >${path}`, text === '' || text.endsWith('\n') ? text : `${text}\n`);
}

/** Arms the trial whose steps were kept, and begins it. For the runner's own shell. */
export function armScript(folder: string, seconds: number): Script {
  const beside = `${folder}/undo`;
  return joinScripts([
    sh`if [ -d ${folder} ]; then
${withInput(sh`{ cat >${beside} || rm -f -- ${beside}; }`, undo.text.text)}
fi`,
    withInput(sh`slab_arm ${folder} ${seconds}`, host.text.text),
  ]);
}

/**
 * Over a new connection: asks whether all is well, and if so decides. @param after the connection was begun after an
 * earlier one had been told that all is applied: of another nobody knows whether it still used what was before.
 */
export function askScript(folder: string, after: boolean): Script {
  return sh`if [ -d ${folder} ]; then sh ${folder}/host ask ${after ? 'after' : 'first'} </dev/null; else echo gone; fi`;
}

/** How a trial stands, and why. Decides nothing. */
export function lookScript(folder: string): Script {
  return sh`if [ -d ${folder} ]; then sh ${folder}/host look </dev/null; else echo gone; fi`;
}
