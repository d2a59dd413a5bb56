import type { Command } from 'commander';
import { Argument } from 'commander';
import { OPINIONS } from '../../domain/detection/anomaly-feedback';
import type { Opinion } from '../../domain/detection/anomaly-feedback';
import { isAnomalyId } from '../../domain/detection/anomaly-ids';
import type { RecordedOpinion } from '../client';
import { findIncident } from '../find-incident';
import type { Run } from '../run';
import { leaf } from '../run';

/** Adds `nightshift feedback`. */
export function addFeedbackCommand(program: Command, run: Run): void {
  leaf(program, 'feedback', 'say whether an anomaly, or all of an incident, was worth being told; the thresholds of its series learn from it')
    .argument('<id>', "id of an anomaly (ano-…) or of an incident, or the beginning of an open incident's")
    .addArgument(new Argument('<what>', 'useful: more like this; noise: less like this').choices(OPINIONS))
    .action(async (id: string, what: Opinion, _options: unknown, command: Command) => {
      const client = await run.client(command);
      const told = isAnomalyId(id) ? await client.rateAnomaly(id, what) : await client.rateIncident((await findIncident(client, id)).incidentId, what);
      run.emit(command, told, () => textOf(told));
    });
}

function textOf({ what, recorded, known }: RecordedOpinion): string {
  const lines = [...recorded.map((id) => `${id}: ${what}`), ...known.map((id) => `${id}: ${what} had been said before; it counts once`)];
  return `${lines.join('\n')}\n`;
}
