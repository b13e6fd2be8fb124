/** The style of the default page: a card, light or dark as the browser prefers. */
export const pageStyle = [
  ':root{color-scheme:light dark;--back:#f3f5f9;--card:#fff;--text:#1b2330;--quiet:#5a6575;',
  '--line:#dce1e9;--main:#1a56db;--on-main:#fff}',
  '@media(prefers-color-scheme:dark){:root{--back:#0f131a;--card:#181e28;--text:#e9edf3;',
  '--quiet:#9ba7b7;--line:#2b3442;--main:#8ab0ff;--on-main:#0c1526}}',
  '*{box-sizing:border-box}',
  'body{margin:0;min-height:100vh;display:grid;align-items:center;justify-items:center;',
  'padding:1.5rem 1rem;background:var(--back);color:var(--text);',
  'font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}',
  'main{width:100%;max-width:28rem;padding:2rem;background:var(--card);',
  'border:1px solid var(--line);border-radius:1rem;overflow-wrap:break-word}',
  'svg{display:block;margin-bottom:1rem;color:var(--main)}',
  'h1{margin:0 0 .75rem;font-size:1.375rem;line-height:1.3}',
  'p{margin:0}',
  '.for{margin-bottom:.75rem;padding:.75rem 1rem;border-left:4px solid var(--main);',
  'background:var(--back);font-weight:600}',
  '.actions{display:grid;gap:.75rem;margin-top:1.75rem}',
  'form{display:grid}',
  'a,button{display:block;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.625rem;',
  'background:none;color:inherit;font:inherit;font-weight:600;text-align:center;',
  'text-decoration:none;cursor:pointer}',
  '.main{background:var(--main);border-color:var(--main);color:var(--on-main)}',
  'a:hover,button:hover{filter:brightness(.95)}',
  ':focus-visible{outline:3px solid var(--main);outline-offset:2px}',
  '.code{margin-top:1.75rem;color:var(--quiet);font-size:.8125rem}',
].join('')

/** SHA-256 of this style, which is the only one that the page allows. A test recomputes it. */
export const pageStyleHash = 'sha256-1JmOc3Colrfr5AdM0wuRYOcNrLCXrW75hyC/QVNoTQs='
