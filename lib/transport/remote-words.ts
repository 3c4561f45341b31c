const limit = 300;

/** What another machine said, fit to stand in a message: one line, no control characters (they could steer a terminal), not endless. */
export function remoteWords(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const line = lines.filter((each) => each !== '').join('; ');
  const plain = line.replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
  return plain.length > limit ? `${plain.slice(0, limit)}…` : plain;
}

/** The last lines of it. */
export function lastRemoteWords(text: string, lines: number): string {
  return remoteWords(text.trim().split('\n').slice(-lines).join('\n'));
}
