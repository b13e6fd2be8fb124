import type { PlannedFault } from '../plan.ts'
import type { Dice } from './dice.ts'

/** Plans the faults of a round. Faults that conflict occur at most once. */
export const planFaults = (dice: Dice, lengthMs: number, slots: number): PlannedFault[] => {
  const at = () => dice.below(lengthMs)
  const all: PlannedFault[] = []
  for (let kills = dice.between(0, 2); kills > 0; kills--)
    all.push({ do: 'kill', at: at(), slot: dice.below(slots) })
  if (dice.chance(0.4))
    all.push({ do: 'stop', at: at(), slot: dice.below(slots), forMs: dice.between(500, 11_000) })
  const store = dice.next()
  if (store < 0.2) all.push({ do: 'freeze-store', at: at(), forMs: dice.between(500, 4_000) })
  else if (store < 0.7) {
    all.push({
      do: 'stall-commits',
      at: at(),
      forMs: dice.between(3_000, 6_000),
      seconds: dice.between(2, 4),
    })
  }
  if (dice.chance(0.8)) {
    const reads = { share: 0.2 + 0.4 * dice.next(), maxMs: dice.between(500, 900) }
    const writes = dice.chance(0.3)
      ? { share: 0.3, maxMs: dice.between(1_000, 4_000) }
      : { share: 0, maxMs: 0 }
    const slot = dice.chance(0.5) ? { slot: dice.below(slots) } : {}
    all.push({
      do: 'slow-store',
      at: at(),
      forMs: dice.between(3_000, 8_000),
      ...slot,
      slowness: { reads, writes },
    })
  }
  for (let faults = dice.between(0, 2); faults > 0; faults--) {
    all.push({
      do: 'zoho-fault',
      at: at(),
      forMs: dice.between(800, 4_000),
      fault: dice.pick(zohoFaults)(dice),
    })
  }
  return all
}

/** Faults of Zoho, in the emulator's format. */
const zohoFaults: readonly ((dice: Dice) => Readonly<Record<string, unknown>>)[] = [
  () => ({ on: 'revoke', kind: 'status', status: 503 }),
  (dice) => ({ on: 'revoke', kind: dice.pick(['drop-after', 'drop-before']), times: 2 }),
  (dice) => ({ on: 'revoke', kind: 'latency', seconds: 0.5 + dice.next() * 2 }),
  (dice) => ({
    on: 'token',
    grantType: 'refresh_token',
    kind: 'throttle',
    times: dice.between(1, 2),
  }),
  (dice) => ({ on: 'token', kind: 'latency', seconds: 0.3 + dice.next() * 3 }),
  (dice) => ({
    on: 'token',
    kind: dice.pick(['drop-after', 'truncated', 'drop-before']),
    times: dice.between(1, 3),
  }),
  (dice) => ({
    on: 'token',
    kind: 'status',
    status: dice.pick([500, 503]),
    times: dice.between(1, 6),
  }),
  (dice) => ({ on: 'api', kind: 'token-rejected', times: dice.between(1, 3) }),
  (dice) => ({ on: 'api', kind: 'status', status: 503, times: dice.between(1, 4) }),
]
