import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { noRecord, type ConnectionId } from '../../domain/record.ts'
import { dropInFlightWork, cacheRecord, type ClientContext } from '../context.ts'

/**
 * Removes our record, also one that can't be read any more: that is the way out its error names.
 */
export const forgetConnection = async (client: ClientContext, id: ConnectionId): Promise<void> => {
  const { repository } = client
  try {
    const forgotten = await repository.apply(id, ({ tokens }) => ({
      type: 'forgotten',
      refreshTokenId: tokens?.refreshTokenId,
    }))
    cacheRecord(client, id, forgotten)
    dropInFlightWork(client, id)
    // A write that was not answered may have been applied; a consent has been stored since.
    if (forgotten.record.status !== 'none') throw new RecruitOAuthError('store-contended')
  } catch (error) {
    if (
      !isRecruitOAuthError(error) ||
      (error.code !== 'record-unreadable' && error.code !== 'key-unknown')
    )
      throw error
    if (!(await repository.remove(id))) throw new RecruitOAuthError('store-contended')
    cacheRecord(client, id, {
      record: noRecord,
      readSequence: repository.nextSequence(),
      readAt: client.config.monotonic(),
    })
    dropInFlightWork(client, id)
  }
}
