const families = 'ip|ip6|inet|arp|bridge|netdev';
const verbs = 'add|create|insert|replace|delete|destroy|flush|reset|rename|list';
const objects =
  'table|chain|rule|set|map|element|flowtable|counter|quota|limit|secmark|synproxy|ct\\s+(?:helper|timeout|expectation)';
const commandPattern = new RegExp(
  `^(?:table|(?:${verbs})\\s+(?:(?:${objects})\\s+)?)\\s*(?:\\b(${families})\\s+)?([^\\s{]+)`,
);

/**
 * What a ruleset says outside of one table, as it is written: commands about other tables, `flush ruleset`, `include`. Blocks
 * are `{ … }`. nft(8) takes several commands in one line, and a command without a family as one of `ip`.
 * @param named the family and name of the one table, with one blank
 */
export function strayStatements(rules: string, named: string): readonly string[] {
  return statementsOf(rules).filter((statement) => {
    if (/^include\b/.test(statement)) return true;
    const command = commandPattern.exec(statement);
    return command !== null && `${command[1] ?? 'ip'} ${command[2] ?? ''}` !== named;
  });
}

/** The commands of a ruleset, without comments and what is in blocks. */
function statementsOf(rules: string): readonly string[] {
  const statements: string[] = [];
  let [statement, depth] = ['', 0];
  // Strings and comments first: what looks like a brace or an end in them is none.
  for (const [token] of rules.matchAll(/"[^"\n]*"|#[^\n]*|\\\n|[{};\n]|[^"#{};\n\\]+|./g)) {
    if (token.startsWith('#') || token === '\\\n') continue;
    if (token === '}') depth = Math.max(0, depth - 1);
    if ((token === '\n' || token === ';') && depth === 0) {
      statements.push(statement);
      statement = '';
    } else if (depth === 0) statement += token === '{' ? '{ … ' : token;
    if (token === '{') depth++;
  }
  return [...statements, statement]
    .map((each) => each.replace(/\s+/g, ' ').trim())
    .filter((each) => each !== '');
}
