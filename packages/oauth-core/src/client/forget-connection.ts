import { isRecruitOAuthError, RecruitOAuthError } from '../errors/index.ts'
import { noRecord, type ConnectionId } from '../domain/index.ts'
import { dropSharedWork, remember, type Engine } from './engine.ts'

/** Removes our record, also one that can't be read any more: that is the way out its error names. */
export const forgetConnection = async (engine: Engine, id: ConnectionId): Promise<void> => {
  const { records } = engine
  try {
    const seen = await records.read(id)
    remember(engine, id, await records.commit(id, { type: 'forgotten', refreshTokenId: seen.record.tokens?.refreshTokenId }))
    dropSharedWork(engine, id)
  } catch (error) {
    if (!isRecruitOAuthError(error) || (error.code !== 'record-unreadable' && error.code !== 'key-unknown')) throw error
    if (!(await records.remove(id))) throw new RecruitOAuthError('store-contended')
    remember(engine, id, { record: noRecord, asked: records.ask(), askedAt: engine.config.monotonic() })
    dropSharedWork(engine, id)
  }
}
