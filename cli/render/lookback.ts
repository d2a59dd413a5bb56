import { humanDuration } from '../../domain/human-time';
import { reportClock } from '../../domain/lookback/html/clock';
import type { LookbackReport, ReportIncident } from '../../domain/lookback/report';
import { assumptions, conclusions, counted, lasted } from '../../domain/lookback/words';
import { plainText } from '../../domain/plain-text';
import type { Style } from './style';
import { wrap } from './wrap';

const WIDEST = 120;

/** A look back as text for a terminal: the conclusions, then each incident. Outside text is made safe here. */
export function lookbackText(report: LookbackReport, width: number, style: Style): string {
  const clock = reportClock(report.zone);
  const room = Math.min(width, WIDEST);
  const lines = (text: string, indent = 0): string[] => wrap(plainText(text), room, indent).map(String);
  const span = humanDuration(Date.parse(report.to) - Date.parse(report.from));
  const incident = (each: ReportIncident): string[] => [
    '',
    `${style.bold(plainText(`${clock.moment(each.begin)}  ${each.title}`))}  ${style.severity(each.severity)(each.severity)}, ${lasted(each)}, ${counted(each.pages.length, 'page')}${each.noise ? style.dim(', noise') : ''}`,
    ...incidentLines(each).flatMap(([name, text]) => indented(name, text, room)),
  ];
  return [
    ...lines(`${span} until ${clock.moment(report.to)} (${report.zone}), from ${report.source}`),
    '',
    ...conclusions(report).flatMap((text) => lines(`- ${text}`, 2)),
    ...report.incidents.flatMap(incident),
    '',
    ...[...report.gaps, ...assumptions()].flatMap((text) => lines(text)).map(style.dim),
  ].join('\n');
}

function incidentLines({ because, suspects, wouldHave, hindsight }: ReportIncident): (readonly [string, string])[] {
  const named = suspects.find((each) => each.named);
  const others = suspects.filter((each) => !each.named).slice(0, 2);
  return [
    ...because.map((text) => ['one incident, as', text] as const),
    ['likely cause', named ? `${named.summary}: ${named.why}` : 'none named'],
    ...others.map((each) => ['also changed', `${each.summary}: ${each.why}`] as const),
    ['would have', wouldHave.text],
    ...hindsight.map(({ text, wrong }) => [wrong ? 'hindsight: WRONG' : 'hindsight', text] as const),
  ];
}

function indented(name: string, text: string, room: number): string[] {
  // A space that does not break keeps the column where `wrap` would close it.
  const head = `  ${name.padEnd(17)} `.replaceAll(' ', '\u00a0');
  return wrap(`${head}${plainText(text)}`, room, head.length).map((line) => line.replaceAll('\u00a0', ' '));
}
