/** What a service said in refusing: its code and words, as they came. */
export function refusalOf(status: number, body: string): string {
  const part = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? '';
  const [code, message] = [part('Code'), part('Message')];
  if (code === '') return String(status);
  return `${status} ${code}${message === '' ? '' : `: ${message.slice(0, 200)}`}`;
}

/** Whether a listing names an object. */
export function listingNames(body: string, key: string): boolean {
  return body.includes(`<Key>${key}</Key>`);
}
