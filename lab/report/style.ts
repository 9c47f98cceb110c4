/** The style sheet of the page and its pictures. */
export const style = `
:root { --ink: #1d2733; --soft: #667382; --line: #dfe4ea; --paper: #fff; --canary: #c2410c; --primary: #1d6fb8; --good: #1a7f45; --bad: #b42318; }
body { margin: 32px auto; max-width: 1120px; padding: 0 20px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
h1 { margin: 0; font-size: 26px; } h2 { margin: 44px 0 0; font-size: 20px; } p { margin: 4px 0 14px; color: var(--soft); }
table { border-collapse: collapse; font-size: 14px; } th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.overview td:nth-child(n+4), .journal td:first-child { font-variant-numeric: tabular-nums; }
.badge { padding: 1px 9px; border-radius: 9px; font-size: 12px; font-weight: 600; color: #fff; vertical-align: 2px; }
.badge.good { background: var(--good); } .badge.bad { background: var(--bad); }
a { color: var(--primary); text-decoration: none; } code { font: 12.5px/1.5 ui-monospace, "Liberation Mono", monospace; word-break: break-all; }
details { margin: 10px 0; } summary { cursor: pointer; font-weight: 600; }
.expectations { padding: 0; list-style: none; } .expectations li::before { content: "✓ "; color: var(--good); font-weight: 700; }
.expectations li.bad { color: var(--bad); } .expectations li.bad::before { content: "✗ "; color: var(--bad); }
.legend b { margin-right: 18px; font-weight: 500; font-size: 13px; color: var(--soft); }
.legend b::before { content: ""; display: inline-block; width: 18px; height: 3px; margin-right: 6px; vertical-align: 4px; background: var(--primary); }
.broken { color: var(--bad); font-weight: 600; }
.legend .limit::before { height: 0; border-top: 2px dashed var(--bad); background: none; } .legend .computed::before { height: 8px; vertical-align: 1px; background: #6ea5d6; }
.legend .canary::before { background: var(--canary); } .legend .exposed::before { height: 12px; vertical-align: -1px; background: #fde3dc; }
svg { display: block; width: 100%; } svg.measured-on-computed { width: 164px; height: 14px; margin-top: 4px; }
svg text { font: 12px system-ui, "Segoe UI", "Liberation Sans", sans-serif; fill: var(--ink); }
svg .label { text-anchor: end; fill: var(--soft); font-size: 11.5px; } svg .title { font-weight: 600; font-size: 12px; } svg .time { text-anchor: middle; fill: var(--soft); }
svg .lane, svg .grid { stroke: var(--line); } svg .axis { stroke: var(--soft); }
svg .dot { fill: var(--soft); stroke: var(--paper); } svg .dot.good { fill: var(--good); } svg .dot.bad { fill: var(--bad); }
svg .weight { fill: #fbd9c6; stroke: var(--canary); stroke-width: 1.2; } svg .exposure { fill: #fde3dc; opacity: .6; }
svg .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; } svg .line.canary { stroke: var(--canary); } svg .line.primary { stroke: var(--primary); }
svg .limit { stroke: var(--bad); stroke-dasharray: 5 4; } svg .event { stroke: var(--soft); stroke-dasharray: 2 3; } svg .event-text { font-weight: 600; font-size: 12px; }
svg .computed { fill: #6ea5d6; } svg .computed-line { stroke: #6ea5d6; stroke-width: 1.5; } svg .computed-text { fill: #2b6ca3; font-size: 11.5px; }
svg .ground { fill: var(--line); } svg .span { fill: #9cc3e6; } svg .mark { fill: var(--ink); } svg .mark.bad { fill: var(--bad); }
`;
