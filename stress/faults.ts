import { badRows } from './faults/bad-rows.ts'
import { downWithout, downWithToken } from './faults/down.ts'
import { full } from './faults/full.ts'
import { hanging } from './faults/hanging.ts'
import { failedSave, lostAcknowledgement } from './faults/lost-answers.ts'
import { olderDisk } from './faults/older-disk.ts'
import { createSetup } from './faults/setup.ts'
import type { Experiment, Row } from './experiment.ts'

/**
 * Stores that are killed and come back, hang, answer too late, lose what they acknowledged, are
 * full, and give back what nobody put there.
 */
export const faults: Experiment = {
  name: 'faults',
  async prove(bench) {
    const rows: Row[] = []
    for (const store of bench.stores) {
      const scene = await createSetup(bench, store)
      rows.push(
        await downWithToken(scene),
        await downWithout(scene),
        ...(await hanging(scene)),
        ...(await lostAcknowledgement(scene)),
      )
      rows.push(
        await failedSave(scene),
        ...(await olderDisk(scene)),
        await badRows(scene),
        ...(await full(bench, scene)),
      )
    }
    return rows
  },
}
