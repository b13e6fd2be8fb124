import type { Html } from '../html.ts'

/**
 * The style of all pages and of the inspector. It is inline, because the pages load no resources.
 * Text has a contrast of at least 4.5:1 on its background.
 */
export const baseStyle: Html = {
  text: `
:root {
  color-scheme: light;
  --ink: #1c2530;
  --soft: #55616f;
  --line: #dfe4e8;
  --ground: #f4f6f5;
  --accent: #0f6b5c;
  --accent-deep: #0a5347;
  --tint: #e9f3f0;
  --warn: #9a3b12;
  --warn-tint: #fdf1ea;
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  min-height: 100vh;
  display: flex;
  flex-direction: column;
  align-items: center;
  padding: 0 16px 24px;
  background: var(--ground);
  color: var(--ink);
  font:
    16px/1.5 system-ui,
    -apple-system,
    'Segoe UI',
    'Noto Sans',
    sans-serif;
  -webkit-font-smoothing: antialiased;
}
.notice {
  align-self: stretch;
  margin: 0 -16px 36px;
  padding: 9px 16px;
  text-align: center;
  font-size: 14px;
  color: #5a4300;
  background: repeating-linear-gradient(135deg, #fdf3d0 0 14px, #fbedbd 14px 28px);
  border-bottom: 1px solid #ecd98f;
}
code {
  font:
    13px/1.5 ui-monospace,
    'SF Mono',
    'Cascadia Mono',
    'DejaVu Sans Mono',
    monospace;
  color: var(--soft);
}
.foot {
  margin-top: auto;
  padding-top: 28px;
  font-size: 13px;
  color: var(--soft);
  text-align: center;
}
`,
}
