import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { noRecord, type ConnectionId } from '../../domain/record.ts'
import { dropInFlightWork, cacheRecord, type ClientContext } from '../context.ts'

/**
 * Removes the record, even if it cannot be read. The error for an unreadable record tells the app
 * to forget the connection.
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
    // The store may have applied the write without a response, and `apply` then repeats the event.
    // A consent that was stored since is not removed.
    if (forgotten.record.status !== 'none') throw new RecruitOAuthError('store-contended')
  } catch (error) {
    const isUnreadable =
      isRecruitOAuthError(error) &&
      (error.code === 'record-unreadable' || error.code === 'key-unknown')
    if (!isUnreadable) throw error
    const isRemoved = await repository.remove(id)
    if (!isRemoved) throw new RecruitOAuthError('store-contended')
    cacheRecord(client, id, {
      record: noRecord,
      readSequence: repository.nextSequence(),
      readAt: client.config.monotonic(),
    })
    dropInFlightWork(client, id)
  }
}
