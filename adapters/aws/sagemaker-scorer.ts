import { ByteWriter, readWhole } from '../../domain/anomaly/byte-io';
import { ScoreCalibration } from '../../domain/anomaly/calibration';
import type { Judged } from '../../domain/anomaly/watch';
import { endpointOf, featureRows, scoresOf } from '../../domain/aws/endpoint-scorer';
import type { ScoringEndpoint } from '../../domain/aws/endpoint-scorer';
import { placeText } from '../../domain/aws/place';
import type { SeriesValue } from '../../domain/detection/service-watch';
import { errorCode, errorMessage, NightshiftError } from '../../domain/errors';
import type { Clock } from '../../ports/clock';
import type { Scorer } from '../../ports/scorer';
import type { StateStore } from '../../ports/store';
import type { AwsAccess } from './access';
import { awsError } from './errors';
import { Shingles } from '../../domain/aws/shingles';

/** What scoring by endpoints works with. */
export interface SagemakerScorerDeps {
  readonly access: AwsAccess;
  readonly endpoints: readonly ScoringEndpoint[];
  /** Scores what no endpoint knows, and what an endpoint does not answer. */
  readonly local: Scorer;
  readonly state: Pick<StateStore, 'load' | 'save'>;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

/** After so many failures in a row an endpoint is left alone for that long, milliseconds. */
const MOST_FAILURES = 3;
const REST_MS = 60_000;
/** What is known of an endpoint's scale is saved after so many answers. */
const SAVED_EVERY = 60;

/**
 * Scores by endpoints of SageMaker's Random Cut Forest, put on the scale of our own detector; all rows of one endpoint go in one request. What an endpoint does not answer in time is scored
 * here, and the anomaly says so. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export function sagemakerScorer(deps: SagemakerScorerDeps): Scorer {
  const open = new Map<ScoringEndpoint, OpenEndpoint>();
  const of = (endpoint: ScoringEndpoint): OpenEndpoint => {
    const found = open.get(endpoint) ?? new OpenEndpoint(endpoint, deps);
    open.set(endpoint, found);
    return found;
  };
  return {
    async judge(values) {
      const judged = new Map<SeriesValue, Judged>();
      const asked = new Map<ScoringEndpoint | undefined, SeriesValue[]>();
      for (const value of values) {
        const endpoint = endpointOf(deps.endpoints, value.series);
        asked.set(endpoint, [...(asked.get(endpoint) ?? []), value]);
      }
      for (const [endpoint, group] of asked) {
        const answers = endpoint ? await of(endpoint).judge(group) : await deps.local.judge(group);
        for (const [i, value] of group.entries()) judged.set(value, answers[i] as Judged);
      }
      return values.map((value) => judged.get(value) as Judged);
    },
  };
}

/** One endpoint, with the scale of its scores and the newest values of its series. */
class OpenEndpoint {
  private readonly shingles: Shingles;
  private scale: ScoreCalibration | undefined;
  private client: import('@aws-sdk/client-sagemaker-runtime').SageMakerRuntimeClient | undefined;
  private answered = 0;
  private failures = 0;
  private restsUntil = 0;

  constructor(
    private readonly endpoint: ScoringEndpoint,
    private readonly deps: SagemakerScorerDeps,
  ) {
    this.shingles = new Shingles(endpoint.shingle);
  }

  async judge(values: readonly SeriesValue[]): Promise<readonly Judged[]> {
    const scale = (this.scale ??= await this.load());
    const rows = values.map(({ series, value }) => this.shingles.take(series, value));
    const whole = rows.filter((row) => row !== undefined);
    const { scores, note } = whole.length === 0 ? { scores: [] } : await this.ask(whole);
    let next = 0;
    const judged = values.map(({ watch, at, value }, i) => {
      const score = rows[i] && scores?.[next++];
      const seen = watch.push(at, value, score === undefined ? undefined : (own) => scale.take(score, own));
      return withNote(seen, score === undefined ? note : `The score is that of the endpoint ${this.endpoint.endpoint}.`);
    });
    await this.save(scale, scores?.length ?? 0);
    return judged;
  }

  private async ask(rows: readonly (readonly number[])[]): Promise<{ readonly scores?: readonly number[]; readonly note?: string }> {
    const { clock, log } = this.deps;
    const { endpoint } = this.endpoint;
    if (clock.now() < this.restsUntil) return { note: `It was scored here, as the endpoint ${endpoint} failed ${String(MOST_FAILURES)} times in a row.` };
    try {
      const scores = await this.invoke(rows);
      this.failures = 0;
      return { scores };
    } catch (error) {
      this.failures += 1;
      if (this.failures >= MOST_FAILURES) this.restsUntil = clock.now() + REST_MS;
      log.warn({ endpoint, error: errorMessage(error) }, 'an endpoint did not score; it is scored here');
      return { note: `It was scored here, as the endpoint ${endpoint} ${WHY[errorCode(error) ?? ''] ?? 'failed'}.` };
    }
  }

  private async invoke(rows: readonly (readonly number[])[]): Promise<readonly number[]> {
    const { endpoint, timeoutMs, account, region } = this.endpoint;
    const what = `sagemaker:InvokeEndpoint of ${endpoint} in ${placeText({ account, region })}`;
    const { InvokeEndpointCommand, SageMakerRuntimeClient } = await import('@aws-sdk/client-sagemaker-runtime');
    try {
      // A row is due: whoever is slow is passed over, and the next row asks again.
      const client = (this.client ??= new SageMakerRuntimeClient({ ...(await this.deps.access.reading({ account, region })), maxAttempts: 1 }));
      const command = new InvokeEndpointCommand({ EndpointName: endpoint, ContentType: 'text/csv', Accept: 'application/json', Body: featureRows(rows) });
      const { Body } = await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
      const scores = scoresOf(Buffer.from(Body ?? []).toString('utf8'), rows.length);
      if (!scores) throw new NightshiftError('unreadable', `The answer of ${what} is not one score for each of ${String(rows.length)} rows.`);
      return scores;
    } catch (error) {
      throw errorCode(error) === undefined ? awsError(error, what) : error;
    }
  }

  private get name(): string {
    const { endpoint, account, region } = this.endpoint;
    return `scale:${placeText({ account, region })}/${endpoint}`;
  }

  private async load(): Promise<ScoreCalibration> {
    const scale = new ScoreCalibration();
    const saved = await this.deps.state.load(this.name);
    if (typeof saved !== 'string') return scale;
    try {
      readWhole(Buffer.from(saved, 'base64'), (from) => scale.read(from));
      return scale;
    } catch (error) {
      if (errorCode(error) !== 'invalid_input') throw error;
      return new ScoreCalibration();
    }
  }

  private async save(scale: ScoreCalibration, answers: number): Promise<void> {
    this.answered += answers;
    if (this.answered < SAVED_EVERY) return;
    this.answered = 0;
    const out = new ByteWriter();
    scale.write(out);
    await this.deps.state.save(this.name, Buffer.from(out.done()).toString('base64'));
  }
}

/** What became of a request, for the sentence under an anomaly. */
const WHY: Readonly<Record<string, string>> = {
  rate_limited: 'was throttled',
  unreachable: 'did not answer in time',
  unreadable: 'answered something else than scores',
  forbidden: 'may not be asked',
  unauthenticated: 'may not be asked',
  not_found: 'is not there',
};

function withNote(judged: Judged, note: string | undefined): Judged {
  return judged.anomaly && note !== undefined ? { ...judged, anomaly: { ...judged.anomaly, note } } : judged;
}
