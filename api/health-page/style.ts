/** The style of the page, for light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --page: #f4f5f8; --card: #ffffff; --edge: #dfe3ea; --text: #171c28; --quiet: #566074; --link: #2456c4; --bad: #b3261e; --warn: #8a5300; --line: #2456c4; --grid: #e3e7ee; }
@media (prefers-color-scheme: dark) { :root { --page: #0c111c; --card: #151c2b; --edge: #273148; --text: #e8ecf4; --quiet: #9aa6bd; --link: #8fb4ff; --bad: #ff8f86; --warn: #f5c451; --line: #8fb4ff; --grid: #2a354f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 22px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 28px 0 8px; }
h3 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
p { margin: 4px 0; }
ul { margin: 6px 0; padding-left: 20px; }
a { color: var(--link); }
.quiet { color: var(--quiet); }
.warn { color: var(--warn); }
.bad { color: var(--bad); }
.card { background: var(--card); border: 1px solid var(--edge); border-radius: 8px; padding: 14px 16px; margin: 12px 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--edge); white-space: nowrap; vertical-align: top; }
caption { text-align: left; }
th { font-weight: 600; color: var(--quiet); }
td.name, td.text { white-space: normal; overflow-wrap: anywhere; min-width: 160px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 8px 20px; margin-top: 8px; }
.plot { width: 100%; height: auto; display: block; }
.plot text { fill: var(--quiet); font: 11px system-ui, sans-serif; }
.plot text.title { fill: var(--text); font-size: 12px; font-weight: 600; }
.plot .grid { stroke: var(--grid); fill: none; }
.plot .dot { fill: var(--line); }
.plot .cross { stroke: var(--bad); stroke-width: 1.8; fill: none; }
.plot .trend { stroke: var(--warn); stroke-width: 2; stroke-dasharray: 6 4; fill: none; }
@media print { .card { break-inside: avoid; } }
`;
