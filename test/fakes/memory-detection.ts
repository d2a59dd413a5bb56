import { NightshiftError } from '../../domain/errors';
import type { Checkpoint, DetectionBook, GroupTerm } from '../../ports/detection';

/** Groups and checkpoints in memory, open to tests. */
export class MemoryDetection implements DetectionBook {
  readonly groups = new Map<string, { epoch: number; judgedTo?: number }>();
  readonly checkpoints = new Map<string, Checkpoint>();

  async take(group: string): Promise<GroupTerm> {
    const known = this.groups.get(group) ?? this.begun();
    known.epoch += 1;
    this.groups.set(group, known);
    return { ...known };
  }

  async advance(group: string, epoch: number, judgedTo: number): Promise<void> {
    const known = this.groups.get(group);
    if (known?.epoch !== epoch) throw new NightshiftError('conflict', `Another worker judges the group ${group} by now.`);
    known.judgedTo = Math.max(known.judgedTo ?? judgedTo, judgedTo);
  }

  async judgedTo(groups: readonly string[]): Promise<number | undefined> {
    const ends = groups.flatMap((group) => this.groups.get(group)?.judgedTo ?? []);
    return ends.length < groups.length ? undefined : Math.min(...ends);
  }

  async checkpoint(group: string, epoch: number, service: string, checkpoint: Checkpoint): Promise<void> {
    await this.advance(group, epoch, checkpoint.judgedTo);
    this.checkpoints.set(service, checkpoint);
  }

  async restore(service: string): Promise<Checkpoint | undefined> {
    return this.checkpoints.get(service);
  }

  private begun(): { epoch: number; judgedTo?: number } {
    const known = [...this.groups.values()].flatMap(({ judgedTo }) => judgedTo ?? []);
    return known.length === 0 ? { epoch: 0 } : { epoch: 0, judgedTo: Math.max(...known) };
  }
}
