/** When alerts of one workflow count as a storm, and how long they gather then. */
export interface PaceSettings {
  /** Alerts delivered in a row, with no quiet between them. */
  readonly alerts: number;
  readonly pauseMs: number;
}

interface Burst {
  readonly alerts: number;
  readonly at: number;
}

/** Slows a workflow's deliveries while alerts storm in, as each delivery is billed; a few alerts never wait. The pause may be longer than the settings say, while there is more to do. */
export class Pace {
  private readonly bursts = new Map<string, Burst>();

  constructor(private readonly settings: PaceSettings) {}

  /** Some alerts were delivered. */
  delivered(workflowId: string, alerts: number, now: number): void {
    this.bursts.set(workflowId, { alerts: (this.bursts.get(workflowId)?.alerts ?? 0) + alerts, at: now });
  }

  /** True while the next alerts of a storm gather. */
  resting(workflowId: string, now: number, pauseMs = this.settings.pauseMs): boolean {
    return this.restUntil(this.bursts.get(workflowId), pauseMs) > now;
  }

  /** Ends of the pauses that are not over, epoch milliseconds. */
  pauses(now: number, pauseMs = this.settings.pauseMs): readonly number[] {
    return [...this.bursts.values()].map((burst) => this.restUntil(burst, pauseMs)).filter((until) => until > now);
  }

  /** Forgets the workflows that have been quiet. */
  forget(now: number, pauseMs = this.settings.pauseMs): void {
    for (const [id, burst] of this.bursts) if (now - burst.at > 2 * pauseMs) this.bursts.delete(id);
  }

  private restUntil(burst: Burst | undefined, pauseMs: number): number {
    return burst && burst.alerts >= this.settings.alerts ? burst.at + pauseMs : 0;
  }
}
