const PAUSES_MS = [1000, 4000];
const ANSWER_MS = 15_000;
const MOST_SHOWN = 300;

/** Sends a build until Nightshift has it, three times at most: its id makes a second telling harmless. Resolves to the answer; throws an error that says what went wrong. */
export async function sendBuild({ url, key, waitMs }, build, pauses = PAUSES_MS) {
  const address = `${url}/v1/builds${waitMs > 0 ? `?wait=${waitMs}ms` : ''}`;
  for (let tries = 0; ; tries += 1) {
    const outcome = await once(address, key, waitMs, build);
    if (outcome.answer) return outcome.answer;
    if (!outcome.again || tries >= pauses.length) throw new Error(outcome.why);
    await new Promise((resolve) => setTimeout(resolve, pauses[tries]));
  }
}

async function once(address, key, waitMs, build) {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(build),
      // The key goes nowhere else.
      redirect: 'manual',
      signal: AbortSignal.timeout(waitMs + ANSWER_MS),
    });
    if (response.status >= 300 && response.status < 400) return { again: false, why: 'it leads to another address; write that one into `url`.' };
    const body = await response.json().catch(() => undefined);
    if (response.ok && Array.isArray(body?.ids)) return { answer: body };
    const again = response.status === 429 || response.status >= 500;
    return { again, why: response.ok ? 'what answers there is not Nightshift.' : refusal(response.status, body) };
  } catch (error) {
    return { again: true, why: `${new URL(address).origin} does not answer (${error.cause?.code ?? error.cause?.message ?? error.name}).` };
  }
}

function refusal(status, body) {
  const problems = Array.isArray(body?.problems) ? body.problems.map(({ path, message }) => `${path} ${message}`) : [];
  const said = [body?.detail, ...problems].filter((text) => typeof text === 'string').join(' ');
  return `it answered ${status}. ${said}`.trim().slice(0, MOST_SHOWN);
}
