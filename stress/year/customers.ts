import { createCustomer, day, hour, minute, second, type Customer, type Setup } from './customer.ts'
import { createIncidents } from './incidents.ts'

/**
 * How a connection is used. Of 1,000 connections one is used day and night, four in office hours,
 * four by a job at night, and the others rarely.
 */
const kindOf = (user: number): 'steady' | 'office' | 'nightly' | 'rare' => {
  if (user % 1_000 === 0) return 'steady'
  if (user % 250 === 1) return 'office'
  return user % 250 === 2 ? 'nightly' : 'rare'
}

/** One use of a connection and the pause after it. */
const createUses = ({ time, days }: Setup, { user, between, burst }: Customer) => ({
  async steady() {
    await burst(3)
    await time.sleep(between(5 * minute, 30 * minute))
  },
  async office() {
    await burst(4)
    const localDays = (time.now() + (user % 24) * hour) / day
    const isOfficeHour = localDays % 1 < 9 / 24
    const isWorkday = Math.floor(localDays) % 7 < 5
    const isOpen = isOfficeHour && isWorkday
    await time.sleep(isOpen ? between(minute, 40 * minute) : between(3 * hour, 8 * hour))
  },
  async nightly() {
    for (let rounds = 0; rounds < 2; rounds++) {
      await burst(8)
      await time.sleep(between(second, 5 * minute))
    }
    await time.sleep(day - 6 * minute)
  },
  async rare() {
    await burst(2)
    // The pause is between minutes and two months.
    await time.sleep(Math.min(between(0, 60 * day) * between(0, 1), between(0, days * day)))
  },
})

/** Simulates one customer's connection from the first consent on. */
export const runCustomer = async (setup: Setup, user: number): Promise<never> => {
  const { time, days } = setup
  const customer = createCustomer(setup, user)
  const { between, consent } = customer
  const kind = kindOf(user)
  const incidents = createIncidents(setup, customer)
  const use = createUses(setup, customer)[kind]
  // Twelve customers connect in a short time, but only ten codes are available in ten minutes.
  await time.sleep(Math.floor(user / 12) * 22 * minute + (user % 12) * 20 * second)
  await consent()
  let nextIncidentAt = time.now() + between(day, (kind === 'rare' ? 0.5 : 0.1) * days * day)
  let incident = user
  for (;;) {
    await use()
    if (time.now() < nextIncidentAt) continue
    await incidents[incident % incidents.length]?.()
    incident += 1
    nextIncidentAt =
      time.now() + (kind === 'rare' ? between(100 * day, 600 * day) : between(day, 20 * day))
  }
}
