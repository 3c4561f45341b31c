import type { Script } from '../model/script.ts';
import { scriptFile } from '../shell/script-file.ts';

const file = scriptFile(import.meta.url, './grains.sh');

/** The script that tells what is known of a host; `parseGrains` reads its output. */
export const grainsScript: Script = file([]);
