import type { Html } from '../pages/html.ts'
import { baseStyle } from '../pages/style/base.ts'
import { layoutStyle } from './style/layout.ts'
import { connectionsStyle } from './style/connections.ts'
import { historyStyle } from './style/history.ts'
import { cardsStyle } from './style/cards.ts'
import { narrowStyle } from './style/narrow.ts'

/** The style of the inspector. Only important states use strong colours. */
export const inspectorStyle: Html = {
  text: baseStyle.text + layoutStyle + connectionsStyle + historyStyle + cardsStyle + narrowStyle,
}
