import { badRows } from './faults/bad-rows.ts'
import { downWithExpiredToken, downWithValidToken } from './faults/down.ts'
import { full } from './faults/full.ts'
import { hanging } from './faults/hanging.ts'
import { failedSave, lostAcknowledgement } from './faults/lost-responses.ts'
import { olderDisk } from './faults/older-disk.ts'
import { createSetup } from './faults/setup.ts'
import type { Experiment, Row } from './experiment.ts'

/**
 * Stores that are killed and restarted, hang, answer too late, lose acknowledged writes, are full,
 * and contain rows that were changed from outside.
 */
export const faults: Experiment = {
  name: 'faults',
  async run(context) {
    const rows: Row[] = []
    for (const store of context.stores) {
      const setup = await createSetup(context, store)
      rows.push(
        await downWithValidToken(setup),
        await downWithExpiredToken(setup),
        ...(await hanging(setup)),
        ...(await lostAcknowledgement(setup)),
      )
      rows.push(
        await failedSave(setup),
        ...(await olderDisk(setup)),
        await badRows(setup),
        ...(await full(context, setup)),
      )
    }
    return rows
  },
}
