import type { Arguments, Expression, Statement, Target } from './ast.ts';

/** What the statements of one scope do with names; scopes inside are not entered. */
export interface NameUse {
  /** Names that are read or set. */
  readonly touched: Set<string>;
  /** Names that are set. */
  readonly stored: Set<string>;
  /** Names whose first use is being set, on every way: until then they are undefined whatever the context says. */
  readonly storedFirst: Set<string>;
}

/** A new, empty use of names; parameters count as touched. */
export function noUse(): NameUse {
  return { touched: new Set(), stored: new Set(), storedFirst: new Set() };
}

/**
 * Goes through the statements of one scope in their order, as Jinja does before it compiles.
 * @param isKnown whether a scope around this one touches the name.
 */
export function analyzeNames(
  statements: readonly Statement[],
  use: NameUse,
  isKnown: (name: string) => boolean,
): NameUse {
  const load = (name: string): void => {
    use.touched.add(name);
  };
  const store = (name: string): void => {
    use.stored.add(name);
    if (!use.touched.has(name) && !isKnown(name)) use.storedFirst.add(name);
    use.touched.add(name);
  };
  for (const statement of statements) {
    switch (statement.type) {
      case 'output':
      case 'do':
        eachName(statement.value, load);
        break;
      case 'for':
        eachName(statement.iter, load);
        break;
      case 'if':
        analyzeIf(statement.branches, statement.otherwise, { use, isKnown });
        break;
      case 'set':
        eachName(statement.value, load);
        eachTarget(statement.target, store, load);
        break;
      case 'capture':
        eachTarget(statement.target, store, load);
        break;
      case 'macro':
        store(statement.name);
        break;
      case 'call':
        eachName(statement.call, load);
        break;
      case 'filter':
        eachName(statement.filter, load);
        break;
      case 'with':
        for (const { value } of statement.values) eachName(value, load);
        break;
      case 'include':
      case 'extends':
        eachName(statement.template, load);
        break;
      case 'import':
      case 'importData':
        eachName(statement.template, load);
        store(statement.target);
        break;
      case 'from':
        eachName(statement.template, load);
        for (const name of statement.names) store(name.as);
        break;
      case 'text':
      case 'scope':
      case 'block':
      case 'break':
      case 'continue':
        break;
    }
  }
  return use;
}

type Branches = Extract<Statement, { type: 'if' }>['branches'];

/** Jinja sees an if as three ways: the body, the elifs (each an if of its own, one after the other), the else. */
function analyzeIf(
  [first, ...rest]: Branches,
  otherwise: readonly Statement[],
  { use, isKnown }: { readonly use: NameUse; readonly isKnown: (name: string) => boolean },
): void {
  if (first === undefined) return;
  eachName(first.test, (name) => use.touched.add(name));
  const before = copyUse(use);
  const body = analyzeNames(first.body, copyUse(before), isKnown);
  const elifs = copyUse(before);
  for (const branch of rest) analyzeIf([branch], [], { use: elifs, isKnown });
  const last = analyzeNames(otherwise, copyUse(before), isKnown);
  const ways = [body, elifs, last];
  for (const way of ways) {
    for (const name of way.touched) use.touched.add(name);
    for (const name of way.stored) {
      if (before.stored.has(name)) continue;
      use.stored.add(name);
      if (ways.every((other) => other.stored.has(name)) && way.storedFirst.has(name))
        use.storedFirst.add(name);
      else if (!ways.every((other) => other.stored.has(name))) use.storedFirst.delete(name);
    }
  }
}

function copyUse(use: NameUse): NameUse {
  return {
    touched: new Set(use.touched),
    stored: new Set(use.stored),
    storedFirst: new Set(use.storedFirst),
  };
}

/** The names that an assignment sets, and the namespaces it reads. */
function eachTarget(target: Target, store: (name: string) => void, load: (name: string) => void): void {
  if (target.type === 'name') store(target.name);
  else if (target.type === 'namespace') load(target.name);
  else for (const item of target.items) eachTarget(item, store, load);
}

/** The names that a loop target sets. */
export function targetNames(target: Target): ReadonlySet<string> {
  const names = new Set<string>();
  eachTarget(
    target,
    (name) => names.add(name),
    () => undefined,
  );
  return names;
}

/** Visits every name that an expression reads. */
export function eachName(expression: Expression, visit: (name: string) => void): void {
  const each = (inner: Expression | null): void => {
    if (inner !== null) eachName(inner, visit);
  };
  switch (expression.type) {
    case 'constant':
      return;
    case 'name':
      visit(expression.name);
      return;
    case 'tuple':
    case 'list':
      expression.items.forEach(each);
      return;
    case 'dict':
      for (const { key, value } of expression.entries) [key, value].forEach(each);
      return;
    case 'attribute':
      each(expression.of);
      return;
    case 'item':
      [expression.of, expression.key].forEach(each);
      return;
    case 'slice':
      [expression.of, expression.start, expression.stop, expression.step].forEach(each);
      return;
    case 'call':
      each(expression.callee);
      argumentExpressions(expression.args).forEach(each);
      return;
    case 'filter':
    case 'test':
      each(expression.value);
      argumentExpressions(expression.args).forEach(each);
      return;
    case 'arithmetic':
    case 'and':
    case 'or':
      [expression.left, expression.right].forEach(each);
      return;
    case 'concat':
      expression.parts.forEach(each);
      return;
    case 'sign':
    case 'not':
      each(expression.value);
      return;
    case 'compare':
      each(expression.first);
      for (const { value } of expression.rest) each(value);
      return;
    case 'if':
      [expression.test, expression.then, expression.otherwise].forEach(each);
  }
}

function argumentExpressions(args: Arguments): readonly Expression[] {
  return [
    ...args.positional,
    ...args.named.map(({ value }) => value),
    ...(args.star === undefined ? [] : [args.star]),
    ...(args.doubleStar === undefined ? [] : [args.doubleStar]),
  ];
}
