import type { Member } from './char-set.ts';
import type { Node } from './node.ts';
import { classEscape } from './parse-escape.ts';
import { charNode, setNode } from './parse-state.ts';
import type { Flags } from './parse-state.ts';
import type { Scanner } from './scanner.ts';

/** A set in brackets; the opening one has been taken. */
export function parseClass(scanner: Scanner, flags: Flags): Node {
  const here = scanner.tell() - 1;
  const members: Member[] = [];
  const negated = scanner.match('^');
  for (;;) {
    const unit = take(scanner, here);
    if (unit === ']' && members.length > 0) break;
    const member = memberOf(scanner, unit);
    if (!scanner.match('-')) {
      members.push(member);
      continue;
    }
    const other = take(scanner, here);
    if (other === ']') {
      members.push(member, { code: 45 });
      break;
    }
    const end = memberOf(scanner, other);
    const low = 'code' in member ? member.code : undefined;
    const high = 'code' in end ? end.code : undefined;
    if (low === undefined || high === undefined || high < low)
      throw scanner.error(
        `bad character range ${unit}-${other}`,
        Array.from(unit).length + 1 + Array.from(other).length,
      );
    members.push({ low, high });
  }
  const [only] = members;
  if (members.length === 1 && only !== undefined && 'code' in only && !negated)
    return charNode(only.code, flags);
  return setNode(members, negated, flags);
}

function take(scanner: Scanner, here: number): string {
  const unit = scanner.get();
  if (unit === undefined) throw scanner.error('unterminated character set', scanner.tell() - here);
  return unit;
}

function memberOf(scanner: Scanner, unit: string): Member {
  return unit.startsWith('\\') ? classEscape(scanner, unit) : { code: unit.codePointAt(0) ?? 0 };
}
