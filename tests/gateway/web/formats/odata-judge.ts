import { defaultParser, type Token } from '@odata/parser';

type Row = Readonly<Record<string, unknown>>;
interface Node {
  readonly type: string;
  readonly raw: string;
  readonly value: { left?: Node; right?: Node; name?: string } & Node;
}

/**
 * What `$filter` means according to somebody else's parser of OData: a judge of whole entities, for times that are
 * intervals and for results. Nothing of the gateway's own reading of queries is used.
 */
export function judgeOf(filter: string): (row: Row) => boolean {
  const token = defaultParser.filter(filter) as Token as unknown as Node;
  return (row) => judged(token, row);
}

function judged(node: Node, row: Row): boolean {
  const { left, right } = node.value;
  switch (node.type) {
    case 'Filter':
    case 'BoolParenExpression':
      return judged(node.value, row);
    case 'NotExpression':
      return !judged(node.value, row);
    case 'AndExpression':
      return judged(left!, row) && judged(right!, row);
    case 'OrExpression':
      return judged(left!, row) || judged(right!, row);
    default:
      return compared(node.type, row[left!.raw], right!);
  }
}

function compared(type: string, value: unknown, literal: Node): boolean {
  const { raw } = literal;
  if (raw === 'null') return type === 'EqualsExpression' ? value === null : value !== null;
  if (value === null || value === undefined) return type === 'NotEqualsExpression';
  if (typeof value === 'number') return ordered(type, value, Number(raw));
  const [start = '', end = ''] = String(value).split('/');
  const at = Date.parse(raw);
  if (type === 'GreaterOrEqualsExpression' || type === 'GreaterThanExpression') {
    return ordered(type, Date.parse(start), at);
  }
  // A half-open interval lies before a moment when it ends at it.
  return Date.parse(end) <= at;
}

function ordered(type: string, one: number, other: number): boolean {
  const rules: Record<string, boolean> = {
    EqualsExpression: one === other,
    NotEqualsExpression: one !== other,
    GreaterThanExpression: one > other,
    GreaterOrEqualsExpression: one >= other,
    LesserThanExpression: one < other,
    LessThanExpression: one < other,
    LesserOrEqualsExpression: one <= other,
    LessOrEqualsExpression: one <= other,
  };
  const rule = rules[type];
  if (rule === undefined) throw new Error(`the judge does not know ${type}`);
  return rule;
}
