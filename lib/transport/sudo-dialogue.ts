import type { Secret } from '../model/script.ts';
import { wrongPassword, type ShellCommand } from './become.ts';
import type { Line } from './line.ts';

/**
 * Answers sudo's prompt, once, on its standard input; settles when the shell runs. A second prompt means that the
 * password was wrong: nothing more is typed, so that no lock-out comes nearer.
 */
export function answerSudo(
  host: string,
  line: Line,
  asks: NonNullable<ShellCommand['asks']>,
  password: Secret,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    let answered = false;
    const read = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const prompt = text.indexOf(asks.prompt);
      if (text.includes(asks.running)) {
        line.stderr.off('data', read);
        resolve();
      } else if (prompt !== -1 && !answered) {
        answered = true;
        text = text.slice(prompt + asks.prompt.length);
        line.stdin.write(`${password.reveal()}\n`);
      } else if (prompt !== -1) {
        line.stderr.off('data', read);
        reject(wrongPassword(host));
      }
    };
    line.stderr.on('data', read);
  });
}
