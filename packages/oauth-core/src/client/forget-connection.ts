import { isRecruitOAuthError, RecruitOAuthError } from '../errors/index.ts'
import { noRecord, type ConnectionId } from '../domain/index.ts'
import { dropSharedWork, remember, type Engine } from './engine.ts'

/**
 * Removes our record, also one that can't be read any more: that is the way out its error names.
 */
export const forgetConnection = async (engine: Engine, id: ConnectionId): Promise<void> => {
  const { records } = engine
  try {
    const forgotten = await records.commit(id, ({ tokens }) => ({
      type: 'forgotten',
      refreshTokenId: tokens?.refreshTokenId,
    }))
    remember(engine, id, forgotten)
    dropSharedWork(engine, id)
    // A write that was not answered may have been applied; a consent has been stored since.
    if (forgotten.record.status !== 'none') throw new RecruitOAuthError('store-contended')
  } catch (error) {
    if (
      !isRecruitOAuthError(error) ||
      (error.code !== 'record-unreadable' && error.code !== 'key-unknown')
    )
      throw error
    if (!(await records.remove(id))) throw new RecruitOAuthError('store-contended')
    remember(engine, id, {
      record: noRecord,
      asked: records.ask(),
      askedAt: engine.config.monotonic(),
    })
    dropSharedWork(engine, id)
  }
}
