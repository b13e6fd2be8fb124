/** What the table throws: DynamoDB's exceptions, by their names. */
export class Refusal extends Error {
  readonly type: string
  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

type Value = { readonly S: string } | { readonly BOOL: boolean }
type Item = Readonly<Record<string, Value>>
type Values = Readonly<Record<string, Value>>
interface Input {
  readonly TableName: string
  readonly Key?: Item
  readonly Item?: Item
  readonly IndexName?: string
  readonly ConsistentRead?: boolean
  readonly ConditionExpression?: string
  readonly KeyConditionExpression?: string
  readonly FilterExpression?: string
  readonly ExpressionAttributeValues?: Values
  readonly Limit?: number
  readonly ExclusiveStartKey?: Item
}

const lateMs = 500
const facts = ['status', 'pending', 'principal', 'dataCenter']
const indexes = ['by_id', 'by_owner', 'by_unfinished']
const reserved = new Set([
  'all',
  'begin',
  'end',
  'first',
  'from',
  'key',
  'last',
  'list',
  'open',
  'principal',
  'range',
  'status',
  'store',
  'to',
  'value',
])

/**
 * A table of DynamoDB's shape, as far as a store of connections goes: partition key `pk`, sort key
 * `id`, local indexes `by_id`, `by_owner` and `by_unfinished`, and global ones of the same names
 * after `global-`. Reads that are not asked to be consistent, and global indexes, are late.
 */
export const dynamoTable = () => {
  const items = new Map<string, Item>()
  const late = new Map<string, Item>()

  const write = (
    key: Item,
    next: Item | undefined,
    condition: string | undefined,
    values: Values,
  ) => {
    const name = nameOf(key)
    if (condition !== undefined && !holds(condition, items.get(name), values))
      throw new Refusal('ConditionalCheckFailedException', 'The conditional request failed')
    const put = (into: Map<string, Item>) => (next ? into.set(name, next) : into.delete(name))
    put(items)
    setTimeout(() => put(late), lateMs).unref()
    return {}
  }

  const query = ({
    IndexName = '',
    ConsistentRead = false,
    KeyConditionExpression = '',
    FilterExpression,
    ExpressionAttributeValues: values = {},
    Limit,
    ExclusiveStartKey,
  }: Input) => {
    const isGlobal = IndexName.startsWith('global-')
    if (isGlobal && ConsistentRead)
      throw invalid('Consistent reads are not supported on global secondary indexes')
    const sortKey = IndexName.replace('global-', '')
    const [, pk, attribute, first, last] =
      /^pk = (:\w+) AND (\w+) BETWEEN (:\w+) AND (:\w+)$/.exec(KeyConditionExpression) ?? []
    if (pk === undefined || attribute !== sortKey || !indexes.includes(sortKey))
      throw invalid('Query condition missed key schema element')
    const [from, to] = [textOf(values[first ?? '']), textOf(values[last ?? ''])]
    const keyOf = (item: Item) => textOf(item[sortKey])
    const start = ExclusiveStartKey && keyOf(ExclusiveStartKey)
    const inOrder = [...(isGlobal || !ConsistentRead ? late : items).values()]
      .filter(
        (item) =>
          textOf(item['pk']) === textOf(values[pk]) &&
          item[sortKey] &&
          !isBefore(keyOf(item), from) &&
          !isBefore(to, keyOf(item)) &&
          (start === undefined || isBefore(start, keyOf(item))),
      )
      .toSorted((a, b) => (isBefore(keyOf(a), keyOf(b)) ? -1 : 1))
    const page: Item[] = []
    let octets = 0
    for (const item of inOrder) {
      if (page.length === Limit || octets > 2 ** 20) break
      const projected = Object.fromEntries(
        Object.entries(item).filter(([name]) => ['pk', 'id', sortKey, ...facts].includes(name)),
      )
      page.push(projected)
      octets += sizeOf(projected)
    }
    const lastItem = page.at(-1)
    const shown = page.filter(
      (item) => FilterExpression === undefined || holds(FilterExpression, item, values),
    )
    return {
      Items: shown,
      Count: shown.length,
      ScannedCount: page.length,
      // Also where nothing follows: the table has not looked.
      ...(lastItem &&
        (page.length === Limit || page.length < inOrder.length) && {
          LastEvaluatedKey: {
            pk: lastItem['pk'],
            id: lastItem['id'],
            [sortKey]: lastItem[sortKey],
          },
        }),
    }
  }

  return {
    /** Does one action. @throws Refusal */
    act(action: string, input: Input): object {
      const { Key = {}, Item, ConditionExpression, ExpressionAttributeValues: values = {} } = input
      checkExpressions(input)
      if (action === 'Query') return query(input)
      const key = Item ?? Key
      checkKeys(key)
      if (action === 'PutItem' && Item) return write(key, Item, ConditionExpression, values)
      if (action === 'DeleteItem') return write(key, undefined, ConditionExpression, values)
      if (action !== 'GetItem') throw new Refusal('UnknownOperationException', action)
      const found = (input.ConsistentRead ? items : late).get(nameOf(Key))
      return found ? { Item: found } : {}
    },
  }
}

const invalid = (message: string) => new Refusal('ValidationException', message)
const textOf = (value: Value | undefined): string => (value && 'S' in value ? value.S : '')
const nameOf = (key: Item): string => JSON.stringify([textOf(key['pk']), textOf(key['id'])])
const isBefore = (a: string, b: string): boolean =>
  Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
const sizeOf = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) =>
      sum + Buffer.byteLength(name) + ('S' in value ? Buffer.byteLength(value.S) : 1),
    0,
  )

/** `attribute_not_exists(name)`, or `name = :value`. */
const holds = (expression: string, item: Item | undefined, values: Values): boolean => {
  const [, missing, name, value] =
    /^(?:attribute_not_exists\((\w+)\)|(\w+) = (:\w+))$/.exec(expression) ?? []
  if (missing === undefined && name === undefined)
    throw invalid(`Invalid expression: ${expression}`)
  if (missing !== undefined) return item?.[missing] === undefined
  return (
    item !== undefined && JSON.stringify(item[name ?? '']) === JSON.stringify(values[value ?? ''])
  )
}

const checkExpressions = ({
  ConditionExpression = '',
  KeyConditionExpression = '',
  FilterExpression = '',
  ExpressionAttributeValues: values = {},
}: Input): void => {
  const all = [ConditionExpression, KeyConditionExpression, FilterExpression].join(' ')
  for (const name of Object.keys(values))
    if (!new RegExp(`${name}\\b`).test(all))
      throw invalid(`Value provided in ExpressionAttributeValues unused in expressions: ${name}`)
  const word = [...all.matchAll(/(?<![:\w])\w+/g)].find(([found]) => reserved.has(found))
  if (word) throw invalid(`Attribute name is a reserved keyword: ${word[0]}`)
}

const checkKeys = (item: Item): void => {
  for (const [name, most] of [
    ['pk', 2048],
    ...['id', ...indexes].map((each) => [each, 1024] as const),
  ] as const) {
    const value = item[name]
    if (value === undefined && name !== 'pk' && name !== 'id') continue
    const octets = Buffer.byteLength(textOf(value))
    if (octets === 0 || octets > most)
      throw invalid(
        `One or more parameter values were invalid: size of ${name} has exceeded its limit, ` +
          'or is empty',
      )
  }
  if (sizeOf(item) > 400 * 1024) throw invalid('Item size has exceeded the maximum allowed size')
}
