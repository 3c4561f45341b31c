import type { Section } from '../model/script.ts';

/** What a frame reader found, in the order of the stream. */
export interface FrameListener {
  /** Bytes between marks, as they came; a piece may be empty of meaning, never empty. */
  readonly data: (bytes: Buffer) => void;
  /** The words of a mark after the nonce: `['b', '3']`. */
  readonly mark: (words: readonly string[]) => void;
}

/** No mark is longer than this; a longer line that begins like one is output. */
const markLimit = 64;

/**
 * Cuts a stream into marks and the bytes between them, however it was packed. A mark is a line of its own that begins
 * with the nonce; its newlines on both sides belong to the mark, so output comes back byte for byte.
 * @returns the function that takes the next bytes.
 */
export function frameReader(nonce: string, on: FrameListener): (chunk: Uint8Array) => void {
  const needle = Buffer.from(`\n${nonce} `, 'latin1');
  let rest: Buffer = Buffer.alloc(0);
  const give = (bytes: Buffer) => {
    if (bytes.length > 0) on.data(bytes);
  };
  return (chunk) => {
    let bytes = rest.length === 0 ? view(chunk) : Buffer.concat([rest, chunk]);
    for (;;) {
      const start = bytes.indexOf(needle);
      if (start === -1) {
        const kept = partialNeedle(bytes, needle);
        give(bytes.subarray(0, kept));
        rest = bytes.subarray(kept);
        return;
      }
      give(bytes.subarray(0, start));
      const end = bytes.indexOf(newline, start + needle.length);
      const length = (end === -1 ? bytes.length : end) - start;
      if (length > markLimit + needle.length) {
        give(bytes.subarray(start, start + needle.length));
        bytes = bytes.subarray(start + needle.length);
      } else if (end === -1) {
        rest = bytes.subarray(start);
        return;
      } else {
        on.mark(bytes.toString('latin1', start + needle.length, end).split(' '));
        bytes = bytes.subarray(end + 1);
      }
    }
  };
}

const newline = 10;

/** Where the beginning of a needle may stand at the end; only the last newline can begin one, as it has no second. */
function partialNeedle(bytes: Buffer, needle: Buffer): number {
  const start = bytes.lastIndexOf(newline);
  if (start === -1 || bytes.length - start >= needle.length) return bytes.length;
  return needle.subarray(0, bytes.length - start).equals(bytes.subarray(start)) ? start : bytes.length;
}

function view(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/**
 * What a session's shell reads first: a known environment, then the ready mark `r <uid>` on both streams, so that
 * whatever login scripts printed is told apart from answers. bash reads a program from a pipe one byte at a time, as
 * POSIX wants it (0.4 s a megabyte), so there `slab_next` takes each section at once; elsewhere it does nothing.
 * `slab_tell` says beside an answer how far a section is, in a few short words. `slab_from` is the process that holds our end: sshd, or slab itself, with sudo's own processes left out.
 */
export function preludeText(nonce: string): string {
  return `{
LC_ALL=C; export LC_ALL
umask 077
unset CDPATH ENV BASH_ENV LANGUAGE GREP_OPTIONS TAR_OPTIONS POSIXLY_CORRECT
for slab_dir in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
case ":$PATH:" in *":$slab_dir:"*) ;; *) PATH="\${PATH:+$PATH:}$slab_dir" ;; esac
done
unset slab_dir; export PATH
cd /
slab_from=$PPID
while [ -r "/proc/$slab_from/stat" ] && read -r slab_stat <"/proc/$slab_from/stat"; do
case $slab_stat in *'(sudo) '* | *'(sudo-rs) '*) ;; *) break ;; esac
slab_stat=\${slab_stat##*') '}; slab_stat=\${slab_stat#? }; slab_from=\${slab_stat%% *}
done
slab_next=:
if [ -n "\${BASH_VERSION-}" ]; then
slab_next='set +o posix; IFS= read -r -N "$slab_size" slab_text && { set -o posix; eval "$slab_text"; unset slab_text; }'
fi
slab_tell() { printf '\\n${nonce} p %s\\n' "$*"; }
printf '\\n${nonce} r %s\\n' "$(id -u)" || exit 125
printf '\\n${nonce} r\\n' >&2
}
`;
}

/**
 * A section as the shell reads it: one compound command, so that a text cut by a lost line is a syntax error and never
 * runs in part (dash ends a here-document at the end of its input and would run a cut command). First
 * comes whether our end is still held, then the begin mark: when nobody reads any more, that write ends the shell
 * before the section does anything. A sudo that records what it passes on would take the mark for a while longer.
 */
export function sectionText(nonce: string, number: number, section: Section): string {
  const [open, close] = section.inline === true ? ['{', '}'] : ['(', ')'];
  const text = `{
kill -0 "$slab_from" 2>/dev/null || exit 125
printf '\\n${nonce} b ${number}\\n' || exit 125
${open}
${section.script.text}
${close} </dev/null
printf '\\n${nonce} e ${number} %d\\n' "$?" || exit 125
printf '\\n${nonce} e ${number}\\n' >&2
}
`;
  return `slab_size=${Buffer.byteLength(text)}; eval "$slab_next"\n${text}`;
}
