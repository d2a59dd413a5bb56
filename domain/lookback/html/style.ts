/** The style of the page: light or dark as the reader's system is, and fit for paper. No font, picture or script is loaded. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fff; --ink: #1b1f24; --soft: #59636e; --line: #d8dee4; --panel: #f6f8fa; --night: #eceff3; --propose: #1f6feb; --wait: #8250df; --ask: #bf8700; --silent: #8c959f; --cause: #cf222e; --bad: #b42318; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #30363d; --panel: #161b22; --night: #161b24; --propose: #4493f8; --wait: #ab7df8; --ask: #d29922; --silent: #767e88; --cause: #ff6a62; --bad: #ff7b72; --good: #3fb950; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 28px 24px 60px; max-width: 1120px; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 36px 0 10px; }
h3 { font-size: 16px; margin: 0; display: inline; }
p { margin: 6px 0; max-width: 80ch; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px; }
.soft { color: var(--soft); }
.lead { font-size: 17px; margin: 14px 0 20px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.tile { background: var(--page); padding: 14px 16px; }
.tile b { display: block; white-space: nowrap; font-size: 24px; line-height: 1.15; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile span { display: block; font-weight: 600; }
.tile small { color: var(--soft); display: block; line-height: 1.4; margin-top: 3px; }
svg { display: block; width: 100%; height: auto; font: 11.5px system-ui, sans-serif; }
.timeline { min-width: 760px; } .strip { min-width: 620px; }
.scroll { overflow-x: auto; }
.night { fill: var(--night); } .grid, .rule { stroke: var(--line); stroke-width: 1; } .axis { fill: var(--soft); } .service { fill: var(--ink); }
.change { fill: var(--soft); opacity: 0.55; } .page { stroke: var(--soft); stroke-width: 1.2; } .onset { stroke: var(--cause); stroke-width: 1.2; stroke-dasharray: 4 3; }
.cause { fill: var(--cause); } .other { fill: none; stroke: var(--soft); stroke-width: 1.3; }
.bar.propose, .swatch.propose { fill: var(--propose); background: var(--propose); } .bar.wait, .swatch.wait { fill: var(--wait); background: var(--wait); }
.bar.ask, .swatch.ask { fill: var(--ask); background: var(--ask); } .bar.silent, .swatch.silent { fill: var(--silent); background: var(--silent); }
.bar.noise { opacity: 0.45; } .alarm { fill: var(--ink); opacity: 0.75; } .alarm.noise { opacity: 0.3; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 8px 0 0; padding: 0; list-style: none; color: var(--soft); font-size: 13px; }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px; vertical-align: -1px; }
.legend svg { display: inline-block; width: 12px; height: 12px; margin-right: 5px; vertical-align: -1px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line); padding: 5px 12px 5px 0; white-space: nowrap; }
td { border-bottom: 1px solid var(--line); padding: 6px 12px 6px 0; vertical-align: top; }
td.num { text-align: right; } th.num { text-align: right; } td.when { white-space: nowrap; } td { overflow-wrap: anywhere; }
.incident { border-top: 1px solid var(--line); padding: 18px 0 6px; break-inside: avoid; }
.incident dl { display: grid; grid-template-columns: 150px 1fr; gap: 6px 14px; margin: 12px 0; }
.incident dt { color: var(--soft); } .incident dd { margin: 0; max-width: 90ch; }
.incident ul { margin: 0; padding-left: 18px; } .incident li { margin: 2px 0; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 10px; padding: 0 8px; font-size: 12px; line-height: 19px; color: var(--soft); margin-left: 6px; white-space: nowrap; }
.tag.sev1 { color: var(--bad); border-color: currentColor; } .tag.sev2 { color: var(--ask); border-color: currentColor; }
.named { font-weight: 600; } .wrong { color: var(--bad); } .right { color: var(--good); }
details { margin: 8px 0; } summary { cursor: pointer; color: var(--soft); }
.notes { background: var(--panel); border-radius: 8px; padding: 14px 18px; font-size: 14px; } .notes li { margin: 4px 0; max-width: 95ch; }
@media (max-width: 640px) { .incident dl { grid-template-columns: 1fr; gap: 0; } .incident dd { margin-bottom: 8px; } body { padding: 16px; } }
@media print { :root { --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #fff; --night: #eee; --propose: #1f6feb; --wait: #8250df; --ask: #bf8700; --silent: #8c959f; --cause: #cf222e; --bad: #b42318; --good: #1a7f37; }
  body { max-width: none; padding: 0; font-size: 11px; } h2 { break-after: avoid; } .tiles { grid-template-columns: repeat(5, 1fr); } .tile b { font-size: 20px; } .lead { font-size: 13px; } .timeline, .strip { min-width: 0; } .scroll { overflow: visible; } table { font-size: 10px; } tr { break-inside: avoid; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } @page { margin: 14mm; } }
`;
