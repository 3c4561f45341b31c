import type { Script } from '../model/script.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts } from '../shell/sh.ts';

const holder = scriptFile(import.meta.url, './holder.sh');
const lease = scriptFile(import.meta.url, './lease.sh');

/** The function of the shell that says whether a process holds the host's lock. Reads only. */
export const holderFunctions: Script = holder.text;

/** Functions of the shell that take the host's lock, renew it, take it away and say whose it is; the one above among them. */
export const lockFunctions: Script = joinScripts([holderFunctions, lease.text]);
