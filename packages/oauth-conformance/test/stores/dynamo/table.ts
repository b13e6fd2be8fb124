/** An exception of DynamoDB with its name. */
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
const indexedAttributes = ['status', 'pending', 'principal', 'dataCenter']
const indexes = ['by_id', 'by_principal', 'by_pending']
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
  'owner',
  'range',
  'status',
  'store',
  'to',
  'value',
])

/**
 * Emulates the part of a DynamoDB table that a connection store needs: partition key `pk`, sort key
 * `id`, local indexes `by_id`, `by_principal` and `by_pending`, and global indexes with the same
 * names after `global-`. Inconsistent reads and global indexes return old data for `lateMs`.
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
    const name = keyText(key)
    if (condition !== undefined && !matchesCondition(condition, items.get(name), values))
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
    const [from, to] = [readText(values[first ?? '']), readText(values[last ?? ''])]
    const sortValue = (item: Item) => readText(item[sortKey])
    const start = ExclusiveStartKey && sortValue(ExclusiveStartKey)
    const sorted = [...(isGlobal || !ConsistentRead ? late : items).values()]
      .filter(
        (item) =>
          readText(item['pk']) === readText(values[pk]) &&
          item[sortKey] &&
          !isBefore(sortValue(item), from) &&
          !isBefore(to, sortValue(item)) &&
          (start === undefined || isBefore(start, sortValue(item))),
      )
      .toSorted((a, b) => (isBefore(sortValue(a), sortValue(b)) ? -1 : 1))
    const page: Item[] = []
    let bytes = 0
    for (const item of sorted) {
      if (page.length === Limit || bytes > 2 ** 20) break
      const projected = Object.fromEntries(
        Object.entries(item).filter(([name]) =>
          ['pk', 'id', sortKey, ...indexedAttributes].includes(name),
        ),
      )
      page.push(projected)
      bytes += itemSize(projected)
    }
    const lastItem = page.at(-1)
    const filtered = page.filter(
      (item) => FilterExpression === undefined || matchesCondition(FilterExpression, item, values),
    )
    return {
      Items: filtered,
      Count: filtered.length,
      ScannedCount: page.length,
      // Also set when nothing follows, because the table has not read further.
      ...(lastItem &&
        (page.length === Limit || page.length < sorted.length) && {
          LastEvaluatedKey: {
            pk: lastItem['pk'],
            id: lastItem['id'],
            [sortKey]: lastItem[sortKey],
          },
        }),
    }
  }

  return {
    /** Executes one action. @throws {Refusal} */
    execute(action: string, input: Input): object {
      const { Key = {}, Item, ConditionExpression, ExpressionAttributeValues: values = {} } = input
      checkExpressions(input)
      if (action === 'Query') return query(input)
      const key = Item ?? Key
      checkKeys(key)
      if (action === 'PutItem' && Item) return write(key, Item, ConditionExpression, values)
      if (action === 'DeleteItem') return write(key, undefined, ConditionExpression, values)
      if (action !== 'GetItem') throw new Refusal('UnknownOperationException', action)
      const found = (input.ConsistentRead ? items : late).get(keyText(Key))
      return found ? { Item: found } : {}
    },
  }
}

const invalid = (message: string) => new Refusal('ValidationException', message)
const readText = (value: Value | undefined): string => (value && 'S' in value ? value.S : '')
const keyText = (key: Item): string => JSON.stringify([readText(key['pk']), readText(key['id'])])
const isBefore = (a: string, b: string): boolean =>
  Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
const itemSize = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) =>
      sum + Buffer.byteLength(name) + ('S' in value ? Buffer.byteLength(value.S) : 1),
    0,
  )

/** `attribute_not_exists(name)`, or `name = :value`. */
const matchesCondition = (expression: string, item: Item | undefined, values: Values): boolean => {
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
    const bytes = Buffer.byteLength(readText(value))
    if (bytes === 0 || bytes > most)
      throw invalid(
        `One or more parameter values were invalid: size of ${name} has exceeded its limit, ` +
          'or is empty',
      )
  }
  if (itemSize(item) > 400 * 1024) throw invalid('Item size has exceeded the maximum allowed size')
}
