
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA nightshift;

CREATE FUNCTION nightshift.append_audit(in_stream text, in_seqs integer[], in_bodies text[], in_starts text[], in_ends text[]) RETURNS json
    LANGUAGE plpgsql
    AS $$
declare
  now_position bigint;
  now_ledger text;
  now_seq integer;
  now_hash text;
  next_seq integer;
  next_hash text;
  there text;
  added json[] := '{}';
begin
  select position, hash into strict now_position, now_ledger from nightshift.audit_ledger where id = 1 for update;
  select seq, hash into now_seq, now_hash from nightshift.audit where stream = in_stream order by seq desc limit 1;
  if not found then
    now_seq := 0;
    now_hash := repeat('0', 64);
  end if;
  for i in 1 .. coalesce(array_length(in_bodies, 1), 0) loop
    next_seq := coalesce(in_seqs[i], now_seq + 1);
    if next_seq > now_seq + 1 then
      raise exception 'The next record of % must be number %, not %.', in_stream, now_seq + 1, next_seq using errcode = 'NS001';
    elsif next_seq <= now_seq then
      select body into there from nightshift.audit where stream = in_stream and seq = next_seq;
      if there is distinct from in_bodies[i] then
        raise exception 'Record % of % is there already with another content.', next_seq, in_stream using errcode = 'NS001';
      end if;
    else
      next_hash := encode(sha256(convert_to(in_starts[i] || now_hash || '","seq":' || next_seq || in_ends[i], 'UTF8')), 'hex');
      now_position := now_position + 1;
      now_ledger := encode(sha256(convert_to(now_ledger || next_hash, 'UTF8')), 'hex');
      insert into nightshift.audit (position, stream, seq, body, prev, hash, ledger) values (now_position, in_stream, next_seq, in_bodies[i], now_hash, next_hash, now_ledger);
      added := added || json_build_object('seq', next_seq, 'position', now_position, 'body', in_bodies[i], 'prev', now_hash, 'hash', next_hash, 'ledger', now_ledger);
      now_seq := next_seq;
      now_hash := next_hash;
    end if;
  end loop;
  if array_length(added, 1) > 0 then
    update nightshift.audit_ledger set position = now_position, hash = now_ledger where id = 1;
  end if;
  return json_build_object('head', json_build_object('count', now_seq, 'hash', now_hash), 'added', to_json(added));
end $$;

CREATE FUNCTION nightshift.apply_transition(in_incident text, in_seqs integer[], in_bodies text[], in_starts text[], in_ends text[], in_environment text, in_service text, in_severity text, in_status text, in_opened_at bigint, in_closed_at bigint, in_version integer, in_view text, in_notification text, in_channels text[], in_message text, in_outcome json, in_at bigint) RETURNS json
    LANGUAGE plpgsql
    AS $$
declare
  appended json;
begin
  appended := nightshift.append_audit(in_incident, in_seqs, in_bodies, in_starts, in_ends);
  insert into nightshift.incidents as i (incident_id, environment, service, severity, status, opened_at, closed_at, version, body)
    values (in_incident, in_environment, in_service, in_severity, in_status, in_opened_at, in_closed_at, in_version, in_view)
    on conflict (incident_id) do update set environment = excluded.environment, service = excluded.service, severity = excluded.severity, status = excluded.status,
      opened_at = excluded.opened_at, closed_at = excluded.closed_at, version = excluded.version, body = excluded.body
    where i.version < excluded.version;
  if in_notification is not null then
    insert into nightshift.outbox (id, channel, body) select in_notification, channel, in_message from unnest(in_channels) as channel on conflict do nothing;
  end if;
  if in_outcome is not null then
    insert into nightshift.outcomes (incident_id, round, verdict, runbook, runbook_hash, environment, service, cause, at)
      values (in_incident, (in_outcome ->> 'round')::integer, in_outcome ->> 'verdict', in_outcome ->> 'runbook', in_outcome ->> 'runbookHash',
        in_outcome ->> 'environment', in_outcome ->> 'service', in_outcome ->> 'cause', in_at)
      on conflict do nothing;
  end if;
  return appended;
end $$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE nightshift.audit (
    "position" bigint NOT NULL,
    stream text NOT NULL,
    seq integer NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL,
    ledger text NOT NULL
);

CREATE TABLE nightshift.audit_ledger (
    id integer NOT NULL,
    "position" bigint NOT NULL,
    hash text NOT NULL,
    exported_position bigint NOT NULL,
    CONSTRAINT audit_ledger_id_check CHECK ((id = 1))
);

CREATE TABLE nightshift.changes (
    id text NOT NULL,
    environment text NOT NULL,
    service text NOT NULL,
    at bigint NOT NULL,
    body text NOT NULL
);

CREATE TABLE nightshift.evidence (
    incident_id text NOT NULL,
    round integer NOT NULL,
    digest text NOT NULL,
    body text NOT NULL
);

CREATE TABLE nightshift.inbox (
    "position" bigint NOT NULL,
    alert_id text NOT NULL,
    body text NOT NULL,
    received_at bigint NOT NULL,
    workflow_id text
);

ALTER TABLE nightshift.inbox ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME nightshift.inbox_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE nightshift.incidents (
    incident_id text NOT NULL,
    environment text NOT NULL,
    service text NOT NULL,
    severity text NOT NULL,
    status text NOT NULL,
    opened_at bigint NOT NULL,
    closed_at bigint,
    version integer NOT NULL,
    body text NOT NULL
);

CREATE TABLE nightshift.intents (
    token text NOT NULL,
    incident_id text NOT NULL,
    round integer NOT NULL,
    step text NOT NULL,
    target text NOT NULL,
    runbook text NOT NULL,
    state text NOT NULL,
    intended_at bigint NOT NULL,
    detail text
);

CREATE TABLE nightshift.keys (
    id text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    secret_hash text NOT NULL,
    created_at text NOT NULL,
    revoked_at text
);

CREATE TABLE nightshift.kill_switch (
    id integer NOT NULL,
    is_on boolean NOT NULL,
    set_by text,
    set_at text,
    reason text,
    CONSTRAINT kill_switch_id_check CHECK ((id = 1))
);

CREATE TABLE nightshift.loop_state (
    name text NOT NULL,
    body text NOT NULL
);

CREATE TABLE nightshift.migrations (
    id text NOT NULL,
    checksum text NOT NULL,
    ran_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE nightshift.outbox (
    "position" bigint NOT NULL,
    id text NOT NULL,
    channel text NOT NULL,
    body text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at bigint DEFAULT 0 NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    sent_at bigint,
    last_error text
);

ALTER TABLE nightshift.outbox ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME nightshift.outbox_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE nightshift.outcomes (
    incident_id text NOT NULL,
    round integer NOT NULL,
    verdict text NOT NULL,
    runbook text NOT NULL,
    runbook_hash text NOT NULL,
    environment text NOT NULL,
    service text NOT NULL,
    cause text NOT NULL,
    at bigint NOT NULL
);

CREATE TABLE nightshift.proposals (
    digest text NOT NULL,
    incident_id text NOT NULL,
    round integer NOT NULL,
    body text NOT NULL
);

CREATE TABLE nightshift.runbooks (
    hash text NOT NULL,
    body text NOT NULL
);

CREATE TABLE nightshift.samples (
    environment text NOT NULL,
    service text NOT NULL,
    at bigint NOT NULL,
    instance text NOT NULL,
    body text NOT NULL
);

CREATE TABLE nightshift.secrets (
    name text NOT NULL,
    value text NOT NULL
);

INSERT INTO nightshift.audit VALUES
	(1, 'inc-i6nj6mq2wgd6ahhf', 1, '{"actor":"detector","at":"2026-11-21T09:48:02.359Z","kind":"opened","summary":"Opened by ErrorShareHigh: orders: 40 % of requests fail (limit 5 %)"}', '0000000000000000000000000000000000000000000000000000000000000000', '2b9852b97aa4137ceca1ad20e2a888ec1d8e7321b8439ccb57b9b2f0d79c8b7b', 'b9912f3ab53497d178c9d121b9a78043cd3fa4b5dc77abc8cfd02b64bed42b01'),
	(2, 'inc-i6nj6mq2wgd6ahhf', 2, '{"actor":"nightshift","at":"2026-11-21T09:48:02.839Z","data":{"digest":"5f5a63179eed820614422a4a072ab8418e9e6b40e83b17265c7e874da93e38e7","ids":["E01","E02","E03","E04","E05"]},"kind":"evidence","summary":"5 items frozen."}', '2b9852b97aa4137ceca1ad20e2a888ec1d8e7321b8439ccb57b9b2f0d79c8b7b', '34ff8d45c38355d8b2f3a8e969c3610049d98b316313bbc66515c2fde8334b63', 'abe0e911af51aa3d8d6f1da5897a34228ba0bc94fd0a7811278a1c6530250fb5'),
	(3, 'inc-i6nj6mq2wgd6ahhf', 3, '{"actor":"nightshift","at":"2026-11-21T09:48:02.923Z","kind":"triaged","summary":"sev3: orders: 40 % of requests fail. users of / (200 of 499 failed)"}', '34ff8d45c38355d8b2f3a8e969c3610049d98b316313bbc66515c2fde8334b63', '325acbc54b0ca9722e1fbe21cb695a3ee6b6afb6c38a4d16088b00de54711ff7', 'b663427325327e9452dfd3d8f3e32644df26cc36eff3ecb3393a47dbd8de35a6'),
	(4, 'inc-i6nj6mq2wgd6ahhf', 4, '{"actor":"nightshift","at":"2026-11-21T09:48:02.923Z","data":{"cause":"bad-release","evidence":"5f5a63179eed820614422a4a072ab8418e9e6b40e83b17265c7e874da93e38e7","hypotheses":[{"contradicting":[],"id":"change:change-1","score":0.55,"supporting":["E02","E01"]}]},"kind":"diagnosed","summary":"Release 1.5.0 (after 1.4.0) on orders came 322 ms before the trouble"}', '325acbc54b0ca9722e1fbe21cb695a3ee6b6afb6c38a4d16088b00de54711ff7', '83ead92d0e6cf4160d384408b7f617c53b7c52ff3c689d9bdc7ba27f35a5b539', 'bae0cc45fb64779562d8b7c93a2de828ad2861d3a454e4ffed48186b983d2f06'),
	(5, 'inc-i6nj6mq2wgd6ahhf', 5, '{"actor":"nightshift","at":"2026-11-21T09:48:02.923Z","data":{"mode":"approve","proposal":"7c9984b51be24507433018452257771f03593ad830f4b3ed4bd2246a7124cf96","reason":"No rule speaks of this, so a person is asked.","runbook":"rollback-release@1","target":"local/local/practice/local/service/orders"},"kind":"proposed","summary":"Roll a release back: only if release/current release=1.5.0 only if release/available release=1.4.0 1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"}', '83ead92d0e6cf4160d384408b7f617c53b7c52ff3c689d9bdc7ba27f35a5b539', '7d46086d266b274e1b48f474fe3cf028c856c8e69688b89bdd62b212209f0fed', 'f5e373af2dfdc4748715ab9abc681b41ea509d2822d73ed5bd993b1deca9e3a3'),
	(6, 'inc-i6nj6mq2wgd6ahhf', 6, '{"actor":"person:ben","at":"2026-11-21T09:48:03.067Z","data":{"proposal":"7c9984b51be24507433018452257771f03593ad830f4b3ed4bd2246a7124cf96","verdict":"approve","via":"update"},"kind":"decision","summary":"Approved by ben."}', '7d46086d266b274e1b48f474fe3cf028c856c8e69688b89bdd62b212209f0fed', '1bd590edf25e62259f03c3850f69d3bc13fd341f7aadd98f0fb62fbb47e6fca1', '53fed81515d339a44f9fb504e33ada2770130fb146b9fdabcda2916efa14c195'),
	(7, 'inc-i6nj6mq2wgd6ahhf', 7, '{"actor":"nightshift","at":"2026-11-21T09:48:03.067Z","data":{"proposal":"7c9984b51be24507433018452257771f03593ad830f4b3ed4bd2246a7124cf96"},"kind":"remediating","summary":"Roll a release back on local/local/practice/local/service/orders begins."}', '1bd590edf25e62259f03c3850f69d3bc13fd341f7aadd98f0fb62fbb47e6fca1', '77ded7b5d8e9ebe9750dadf539cfeab9e181a3f290673b7a5dc921286049ec19', '0ad62313f1a5cec1d8fc448fddc47f08c36f6e56d2b71e85966d63fb5f97f458'),
	(8, 'inc-i6nj6mq2wgd6ahhf', 8, '{"actor":"nightshift","at":"2026-11-21T09:48:03.334Z","data":{"step":"deploy-earlier","token":"f5bd6769-d2eb-52aa-a3cb-716d0ed92f15"},"kind":"effect","summary":"Deploy release 1.4.0: deploy done"}', '77ded7b5d8e9ebe9750dadf539cfeab9e181a3f290673b7a5dc921286049ec19', '9d52ec9ae8e15e8a480f0c18573a531061df8b997dd5d89a7e1d6ac420b6ec0b', '8406bbbdfe8b84cd46dcb725138ad362164e2bfe47f917ae9fbed246b70ed859'),
	(9, 'inc-i6nj6mq2wgd6ahhf', 9, '{"actor":"nightshift","at":"2026-11-21T09:48:03.334Z","kind":"verifying","summary":"Measuring whether it helped."}', '9d52ec9ae8e15e8a480f0c18573a531061df8b997dd5d89a7e1d6ac420b6ec0b', 'a0ef43b743b93c061c8a946f4eb0d79f21c9ca06fdf03197861636cd4ebd1c58', '76c1b076ef142543566e516f7a84821cad53b1acb8a4d1eae0a509abd5e5a28f'),
	(10, 'inc-i6nj6mq2wgd6ahhf', 10, '{"actor":"nightshift","at":"2026-11-21T09:48:04.629Z","kind":"verified","summary":"recovered: 0 % of 400 requests fail (40 % before the remedy), p95 latency is 95 ms."}', 'a0ef43b743b93c061c8a946f4eb0d79f21c9ca06fdf03197861636cd4ebd1c58', '7fe4b13cf66b7447ef7cb72f137bd90288359f24eabd5ccacc8f947ff049aef9', 'fc82785b57d43ac38b7b235d9dcbc1669c0143c1f44d29eb14b15b75bc20076c'),
	(11, 'inc-i6nj6mq2wgd6ahhf', 11, '{"actor":"nightshift","at":"2026-11-21T09:48:04.629Z","kind":"watching","summary":"Not watched: the configuration says 0."}', '7fe4b13cf66b7447ef7cb72f137bd90288359f24eabd5ccacc8f947ff049aef9', '36a289ea4042511664f4f79e3fb0b408688f824550741e93a3b538baa107aac3', 'a64fb4fb650cfe8fad3928d1e3ea1a9a8b1e8b0af26f09ca276789591f9dd60e'),
	(12, 'inc-i6nj6mq2wgd6ahhf', 12, '{"actor":"nightshift","at":"2026-11-21T09:48:04.629Z","kind":"resolved","summary":"0 % of 400 requests fail (40 % before the remedy), p95 latency is 95 ms. No end was received for: ErrorShareHigh."}', '36a289ea4042511664f4f79e3fb0b408688f824550741e93a3b538baa107aac3', '7ce5886f17cf29872fafc46cc640090980935d14177d5da0c0360b1ead96a294', 'f3ba12e5554cb391ac8770f751b8d6ae22f54a7de802048b1eb6a4ce7c746a6b'),
	(13, 'inc-j32i4rthvpesg7k7', 1, '{"actor":"detector","at":"2026-11-21T09:48:06.060Z","kind":"opened","summary":"Opened by ErrorShareHigh: billing: 40 % of requests fail (limit 5 %)"}', '0000000000000000000000000000000000000000000000000000000000000000', '652dc57bb09db13dcc3866669d74a83aac88c024180e8ca2da08d52747398387', 'd04cf4fae4de821fd14ff8e391c25fdfc67bcba53e31b6a39b71584cf80010fc'),
	(14, 'inc-j32i4rthvpesg7k7', 2, '{"actor":"nightshift","at":"2026-11-21T09:48:06.145Z","data":{"digest":"791263deae070331e76a99bec5e485e0c04acf196c77cc0327aae3d667b9c48b","ids":["E01","E02","E03","E04","E05"]},"kind":"evidence","summary":"5 items frozen."}', '652dc57bb09db13dcc3866669d74a83aac88c024180e8ca2da08d52747398387', '9f334a3cb25aca74efdd6703e10d86fb7e7e18cd9df818bc7c3bcc4e68760935', '40a1e44f1e727ae4b86aa53bfcdc184d4cb0b6e58a1e60c434beff81ce3f2e89'),
	(15, 'inc-j32i4rthvpesg7k7', 3, '{"actor":"nightshift","at":"2026-11-21T09:48:06.177Z","kind":"triaged","summary":"sev3: billing: 24 % of requests fail. users of / (218 of 901 failed)"}', '9f334a3cb25aca74efdd6703e10d86fb7e7e18cd9df818bc7c3bcc4e68760935', '3f83b703517b39e6ad2f03f26d83e245ca3eead8751ed6d181227f5f71a0ba86', '006d3ee1e3270c24ca78518b0ab3acdedf0f2d23b98aa460a2065d01beef37d1'),
	(16, 'inc-j32i4rthvpesg7k7', 4, '{"actor":"nightshift","at":"2026-11-21T09:48:06.177Z","data":{"cause":"bad-release","evidence":"791263deae070331e76a99bec5e485e0c04acf196c77cc0327aae3d667b9c48b","hypotheses":[{"contradicting":[],"id":"change:change-1","score":0.55,"supporting":["E02","E01"]}]},"kind":"diagnosed","summary":"Release 1.5.0 (after 1.4.0) on billing came as the trouble began"}', '3f83b703517b39e6ad2f03f26d83e245ca3eead8751ed6d181227f5f71a0ba86', 'cbdd62f69fc9970d67d14d5986696ad063a37175e85622956425e74493dcb44e', 'd99c2379447ded048234af9bce5fec9e3891cfaecbe8a25e0178caf23332d91d'),
	(17, 'inc-j32i4rthvpesg7k7', 5, '{"actor":"nightshift","at":"2026-11-21T09:48:06.177Z","data":{"mode":"approve","proposal":"ece8261793ab6ecc73ed17e0746aebb0e683fdb13ad9a95a613ad7abe8e70c7b","reason":"No rule speaks of this, so a person is asked.","runbook":"rollback-release@1","target":"local/local/practice/local/service/billing"},"kind":"proposed","summary":"Roll a release back: only if release/current release=1.5.0 only if release/available release=1.4.0 1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"}', 'cbdd62f69fc9970d67d14d5986696ad063a37175e85622956425e74493dcb44e', 'ff97e51434b14d747b091721779ef421a32d64f9e05ada16569087bd82b79d45', '00fa9eb6429be715cd2770dd30e03cfbc7a27170808a91cccb47e1db8a907c55'),
	(18, 'system', 1, '{"actor":"restore","at":"2026-11-21T09:48:07.528Z","data":{"on":true,"reason":"restored from a backup of 2026-11-21T09:48:06.301Z; what happened since is not in this store"},"kind":"halt","summary":"Kill switch turned on: restored from a backup of 2026-11-21T09:48:06.301Z; what happened since is not in this store"}', '0000000000000000000000000000000000000000000000000000000000000000', 'c41881f3d5955c17f9990bebe8f91d5be2a2d5f4d5a66901dbd7b6b50d033b90', 'a8f4511a9de41fd80aadf2af9f35165d398971089dd119be3f600d3dfce6b952');

INSERT INTO nightshift.audit_ledger VALUES
	(1, 18, 'a8f4511a9de41fd80aadf2af9f35165d398971089dd119be3f600d3dfce6b952', 0);

INSERT INTO nightshift.evidence VALUES
	('inc-i6nj6mq2wgd6ahhf', 1, '5f5a63179eed820614422a4a072ab8418e9e6b40e83b17265c7e874da93e38e7', '{"environment":"test","gatheredAt":"2026-11-21T09:48:02.758Z","incidentId":"inc-i6nj6mq2wgd6ahhf","items":[{"baseline":{"coveredMs":9059,"errorShare":0.011031797534068787,"errors":51,"from":1795254461256,"latencyP95Ms":94.99999999999999,"ratePerSecond":510.32122750855507,"requests":4623,"routes":{"/":{"errors":51,"requests":4623}},"running":1,"samples":31,"saturation":{},"to":1795254481256,"upShare":1},"id":"E01","kind":"metrics","now":{"coveredMs":1245,"errorShare":0.40080160320641284,"errors":200,"from":1795254481256,"latencyP95Ms":95,"ratePerSecond":399.8397435897436,"requests":499,"routes":{"/":{"errors":200,"requests":499}},"running":1,"samples":5,"saturation":{},"to":1795254482758,"upShare":1},"series":[{"at":1795254472869,"errorShare":null,"latencyP95Ms":null,"requests":0},{"at":1795254473869,"errorShare":0,"latencyP95Ms":95,"requests":355},{"at":1795254474869,"errorShare":0,"latencyP95Ms":95,"requests":401},{"at":1795254475869,"errorShare":0,"latencyP95Ms":95,"requests":401},{"at":1795254476869,"errorShare":0,"latencyP95Ms":95,"requests":400},{"at":1795254477869,"errorShare":0,"latencyP95Ms":95,"requests":400},{"at":1795254478869,"errorShare":0,"latencyP95Ms":95,"requests":400},{"at":1795254479869,"errorShare":0,"latencyP95Ms":95,"requests":401},{"at":1795254480869,"errorShare":0.3242,"latencyP95Ms":95,"requests":401},{"at":1795254481869,"errorShare":0.4033,"latencyP95Ms":95,"requests":300}],"service":"orders","title":"orders: 40 % of requests fail, 1.1 % before"},{"change":{"at":"2026-11-21T09:48:00.934Z","author":"ana","environment":"test","from":"1.4.0","id":"change-1","kind":"deployment","service":"orders","summary":"deployment of 1.5.0","to":"1.5.0"},"id":"E02","kind":"change","leadMs":322,"title":"deployment of 1.5.0 on orders, 322 ms before the onset"},{"available":["1.4.0","1.5.0","1.5.1"],"current":"1.5.0","id":"E03","kind":"release","service":"orders","startedAt":"2026-11-21T09:47:52.194Z","title":"orders runs 1.5.0"},{"id":"E04","kind":"missing","reason":"no log is configured","title":"Missing: logs of orders","what":"logs of orders"},{"id":"E05","kind":"missing","reason":"the log of orders was not read","title":"Missing: logs","what":"logs"}],"onset":1795254481256,"round":1,"service":"orders"}'),
	('inc-j32i4rthvpesg7k7', 1, '791263deae070331e76a99bec5e485e0c04acf196c77cc0327aae3d667b9c48b', '{"environment":"test","gatheredAt":"2026-11-21T09:48:06.114Z","incidentId":"inc-j32i4rthvpesg7k7","items":[{"baseline":{"coveredMs":11583,"errorShare":0,"errors":0,"from":1795254463873,"latencyP95Ms":95,"ratePerSecond":486.31615298281963,"requests":5633,"routes":{"/":{"errors":0,"requests":5633}},"running":1,"samples":41,"saturation":{},"to":1795254483873,"upShare":1},"id":"E01","kind":"metrics","now":{"coveredMs":2160,"errorShare":0.24195338512763595,"errors":218,"from":1795254483873,"latencyP95Ms":95,"ratePerSecond":399.7338065661047,"requests":901,"routes":{"/":{"errors":218,"requests":901}},"running":1,"samples":9,"saturation":{},"to":1795254486114,"upShare":1},"series":[{"at":1795254472873,"errorShare":null,"latencyP95Ms":null,"requests":0},{"at":1795254473873,"errorShare":0,"latencyP95Ms":95,"requests":355},{"at":1795254474873,"errorShare":0,"latencyP95Ms":95,"requests":400},{"at":1795254475873,"errorShare":0,"latencyP95Ms":95,"requests":401},{"at":1795254476873,"errorShare":0,"latencyP95Ms":95,"requests":401},{"at":1795254477873,"errorShare":0,"latencyP95Ms":95,"requests":400},{"at":1795254478873,"errorShare":0,"latencyP95Ms":95,"requests":400},{"at":1795254479873,"errorShare":0,"latencyP95Ms":95,"requests":401},{"at":1795254480873,"errorShare":0,"latencyP95Ms":95,"requests":401},{"at":1795254481873,"errorShare":0,"latencyP95Ms":95,"requests":406},{"at":1795254482873,"errorShare":0,"latencyP95Ms":95,"requests":405},{"at":1795254483873,"errorShare":0.0449,"latencyP95Ms":95,"requests":401},{"at":1795254484873,"errorShare":0.4,"latencyP95Ms":95,"requests":400},{"at":1795254485873,"errorShare":0.4,"latencyP95Ms":95,"requests":100}],"service":"billing","title":"billing: 24 % of requests fail, 0 % before"},{"change":{"at":"2026-11-21T09:48:04.670Z","author":"ana","environment":"test","from":"1.4.0","id":"change-1","kind":"deployment","service":"billing","summary":"deployment of 1.5.0","to":"1.5.0"},"id":"E02","kind":"change","leadMs":0,"title":"deployment of 1.5.0 on billing, at the onset"},{"available":["1.4.0","1.5.0","1.5.1"],"current":"1.5.0","id":"E03","kind":"release","service":"billing","startedAt":"2026-11-21T09:47:52.196Z","title":"billing runs 1.5.0"},{"id":"E04","kind":"missing","reason":"no log is configured","title":"Missing: logs of billing","what":"logs of billing"},{"id":"E05","kind":"missing","reason":"the log of billing was not read","title":"Missing: logs","what":"logs"}],"onset":1795254483873,"round":1,"service":"billing"}');

INSERT INTO nightshift.inbox OVERRIDING SYSTEM VALUE VALUES
	(1, 'limit:test/orders/errorShare:2026-11-21T09:48:01.256Z:firing', '{"environment":"test","fingerprint":"limit:test/orders/errorShare","id":"limit:test/orders/errorShare:2026-11-21T09:48:01.256Z:firing","labels":{},"name":"ErrorShareHigh","service":"orders","severity":"sev3","signal":"errorShare","source":"detector","startsAt":"2026-11-21T09:48:01.256Z","status":"firing","summary":"orders: 40 % of requests fail (limit 5 %)","threshold":0.05,"value":0.39849624060150374}', 1795254482257, 'incident:test:orders'),
	(2, 'limit:test/orders/errorShare:2026-11-21T09:48:01.256Z:resolved', '{"endsAt":"2026-11-21T09:48:04.283Z","environment":"test","fingerprint":"limit:test/orders/errorShare","id":"limit:test/orders/errorShare:2026-11-21T09:48:01.256Z:resolved","labels":{},"name":"ErrorShareHigh","service":"orders","severity":"sev3","signal":"errorShare","source":"detector","startsAt":"2026-11-21T09:48:01.256Z","status":"resolved","summary":"orders: ErrorShareHigh is over, 0 % of requests fail (limit 5 %)"}', 1795254485284, 'incident:test:orders'),
	(3, 'limit:test/billing/errorShare:2026-11-21T09:48:05.034Z:firing', '{"environment":"test","fingerprint":"limit:test/billing/errorShare","id":"limit:test/billing/errorShare:2026-11-21T09:48:05.034Z:firing","labels":{},"name":"ErrorShareHigh","service":"billing","severity":"sev3","signal":"errorShare","source":"detector","startsAt":"2026-11-21T09:48:05.034Z","status":"firing","summary":"billing: 40 % of requests fail (limit 5 %)","threshold":0.05,"value":0.4}', 1795254486035, 'incident:test:billing'),
	(4, 'alert-not-delivered', '{"environment":"test","fingerprint":"f-late","id":"alert-not-delivered","labels":{},"name":"QueueLong","service":"orders","severity":"sev3","source":"generic","startsAt":"2026-11-21T09:48:06.297Z","status":"firing","summary":"the queue is long"}', 1795254486297, NULL);

INSERT INTO nightshift.incidents VALUES
	('inc-i6nj6mq2wgd6ahhf', 'test', 'orders', 'sev3', 'resolved', 1795254482346, 1795254484629, 12, '{"affected":"users of / (200 of 499 failed)","alertCount":1,"alerts":[{"fingerprint":"limit:test/orders/errorShare","name":"ErrorShareHigh","severity":"sev3","signal":"errorShare","source":"detector","startsAt":"2026-11-21T09:48:01.256Z","status":"firing","summary":"orders: 40 % of requests fail (limit 5 %)"}],"cause":"bad-release","diagnosis":{"evidence":{"E01":"orders: 40 % of requests fail, 1.1 % before","E02":"deployment of 1.5.0 on orders, 322 ms before the onset","E03":"orders runs 1.5.0","E04":"Missing: logs of orders","E05":"Missing: logs"},"evidenceDigest":"5f5a63179eed820614422a4a072ab8418e9e6b40e83b17265c7e874da93e38e7","hypotheses":[{"author":"ana","cause":"bad-release","contradicting":[],"id":"change:change-1","parameters":{"from":"1.5.0","to":"1.4.0"},"runbook":"rollback-release","score":0.55,"supporting":["E02","E01"],"suspect":"orders","title":"Release 1.5.0 (after 1.4.0) on orders came 322 ms before the trouble"}],"onset":"2026-11-21T09:48:01.256Z","ruledOut":[{"evidence":["E01"],"reason":"400 requests a second, 510 before (E01)","title":"A surge of traffic"}],"unknown":["logs of orders: no log is configured (E04)","logs: the log of orders was not read (E05)"],"verdict":"determined"},"environment":"test","incidentId":"inc-i6nj6mq2wgd6ahhf","openedAt":"2026-11-21T09:48:02.346Z","outcome":{"kind":"fixed","runbook":"rollback-release@1","summary":"0 % of 400 requests fail (40 % before the remedy), p95 latency is 95 ms."},"proposal":{"approvals":["ben"],"expiresAt":"2026-11-24T09:48:02.923Z","policy":{"approvers":["anyone with the role approver"],"escalateTo":"on-call","expireAfterMs":259200000,"mode":"approve","notAuthor":false,"quorum":1,"reason":"No rule speaks of this, so a person is asked.","remindAfterMs":1800000},"proposal":{"author":"ana","digest":"7c9984b51be24507433018452257771f03593ad830f4b3ed4bd2246a7124cf96","environment":"test","hypothesis":"change:change-1","incidentId":"inc-i6nj6mq2wgd6ahhf","inverse":["when the result is worse:","1. Deploy release 1.5.0 again: release/deploy release=1.5.0 (at most 1m)"],"parameters":{"from":"1.5.0","to":"1.4.0"},"preview":["only if release/current release=1.5.0","only if release/available release=1.4.0","1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"],"reversible":true,"risk":"medium","round":1,"runbook":{"about":"Deploys an earlier release again. For a service whose trouble began with a release. What the release wrote to its data stays; a release that changed the form of its data needs a person.","hash":"0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3","id":"rollback-release","title":"Roll a release back","version":1},"service":"orders","suspect":"orders","target":{"account":"practice","id":"orders","kind":"service","partition":"local","provider":"local","region":"local"}},"state":"approved"},"reason":"0 % of 400 requests fail (40 % before the remedy), p95 latency is 95 ms. No end was received for: ErrorShareHigh.","remediation":{"effects":["f5bd6769-d2eb-52aa-a3cb-716d0ed92f15 Deploy release 1.4.0: deploy done"],"runbook":"rollback-release@1","target":"local/local/practice/local/service/orders","verdict":"recovered","verification":"0 % of 400 requests fail (40 % before the remedy), p95 latency is 95 ms.","workflowId":"remediation:local/local/practice/local/service/orders"},"resolvedAt":"2026-11-21T09:48:04.629Z","round":1,"runId":"03f45f0e-b621-479a-9f32-1ab187e01ce5","service":"orders","severity":"sev3","status":"resolved","title":"orders: 40 % of requests fail","updatedAt":"2026-11-21T09:48:04.629Z","version":12,"workflowId":"incident:test:orders"}'),
	('inc-j32i4rthvpesg7k7', 'test', 'billing', 'sev3', 'awaiting-approval', 1795254486052, NULL, 5, '{"affected":"users of / (218 of 901 failed)","alertCount":1,"alerts":[{"fingerprint":"limit:test/billing/errorShare","name":"ErrorShareHigh","severity":"sev3","signal":"errorShare","source":"detector","startsAt":"2026-11-21T09:48:05.034Z","status":"firing","summary":"billing: 40 % of requests fail (limit 5 %)"}],"cause":"bad-release","diagnosis":{"evidence":{"E01":"billing: 24 % of requests fail, 0 % before","E02":"deployment of 1.5.0 on billing, at the onset","E03":"billing runs 1.5.0","E04":"Missing: logs of billing","E05":"Missing: logs"},"evidenceDigest":"791263deae070331e76a99bec5e485e0c04acf196c77cc0327aae3d667b9c48b","hypotheses":[{"author":"ana","cause":"bad-release","contradicting":[],"id":"change:change-1","parameters":{"from":"1.5.0","to":"1.4.0"},"runbook":"rollback-release","score":0.55,"supporting":["E02","E01"],"suspect":"billing","title":"Release 1.5.0 (after 1.4.0) on billing came as the trouble began"}],"onset":"2026-11-21T09:48:03.873Z","ruledOut":[{"evidence":["E01"],"reason":"400 requests a second, 486 before (E01)","title":"A surge of traffic"}],"unknown":["logs of billing: no log is configured (E04)","logs: the log of billing was not read (E05)"],"verdict":"determined"},"environment":"test","incidentId":"inc-j32i4rthvpesg7k7","openedAt":"2026-11-21T09:48:06.052Z","proposal":{"approvals":[],"expiresAt":"2026-11-24T09:48:06.177Z","policy":{"approvers":["anyone with the role approver"],"escalateTo":"on-call","expireAfterMs":259200000,"mode":"approve","notAuthor":false,"quorum":1,"reason":"No rule speaks of this, so a person is asked.","remindAfterMs":1800000},"proposal":{"author":"ana","digest":"ece8261793ab6ecc73ed17e0746aebb0e683fdb13ad9a95a613ad7abe8e70c7b","environment":"test","hypothesis":"change:change-1","incidentId":"inc-j32i4rthvpesg7k7","inverse":["when the result is worse:","1. Deploy release 1.5.0 again: release/deploy release=1.5.0 (at most 1m)"],"parameters":{"from":"1.5.0","to":"1.4.0"},"preview":["only if release/current release=1.5.0","only if release/available release=1.4.0","1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"],"reversible":true,"risk":"medium","round":1,"runbook":{"about":"Deploys an earlier release again. For a service whose trouble began with a release. What the release wrote to its data stays; a release that changed the form of its data needs a person.","hash":"0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3","id":"rollback-release","title":"Roll a release back","version":1},"service":"billing","suspect":"billing","target":{"account":"practice","id":"billing","kind":"service","partition":"local","provider":"local","region":"local"}},"state":"open"},"round":1,"runId":"79938e30-8242-4ef4-8e46-67abc9237d5f","service":"billing","severity":"sev3","status":"awaiting-approval","title":"billing: 24 % of requests fail","updatedAt":"2026-11-21T09:48:06.177Z","version":5,"workflowId":"incident:test:billing"}');

INSERT INTO nightshift.intents VALUES
	('f5bd6769-d2eb-52aa-a3cb-716d0ed92f15', 'inc-i6nj6mq2wgd6ahhf', 1, 'deploy-earlier', 'local/local/practice/local/service/orders', 'rollback-release', 'done', 1795254483157, 'deploy done');

INSERT INTO nightshift.keys VALUES
	('9f7641278665', 'tester', 'admin', '2d21734234aa37abc6316137bcbab708d09b7897e805fd044a3d48c342a2a627', '2026-11-21T09:47:53.898Z', NULL),
	('1546578b843e', 'ben', 'approver', 'a46416544364071b118bf275e15daf886f90d346fefff546c79fd467475eb52f', '2026-11-21T09:47:53.905Z', NULL),
	('33df0ce779a2', 'cleo', 'responder', '35e220bcfd78015433566038bdd63787eccd813937b750e70584132163c91e06', '2026-11-21T09:47:53.906Z', NULL);

INSERT INTO nightshift.kill_switch VALUES
	(1, true, 'restore', '2026-11-21T09:48:07.528Z', 'restored from a backup of 2026-11-21T09:48:06.301Z; what happened since is not in this store');

INSERT INTO nightshift.loop_state VALUES
	('detector', '{"test/billing":{"errorShare":{"brokenSince":1795254485034,"clearSince":null,"firingSince":1795254485034,"measuredAt":1795254486289}},"test/orders":{"errorShare":{"brokenSince":null,"clearSince":null,"firingSince":null,"measuredAt":1795254486289}}}'),
	('restored', '{"at":"2026-11-21T09:48:07.528Z","from":"2026-11-21T09:48:06.301Z"}');

INSERT INTO nightshift.migrations VALUES
	('0001-initial', 'd5dbb41a9cfd4a88d4eb62da1ebe6c9e552e990622c29fddd2ba250489c7cc70', '2026-11-21 09:48:07.484917+00');

INSERT INTO nightshift.outbox OVERRIDING SYSTEM VALUE VALUES
	(1, 'inc-i6nj6mq2wgd6ahhf/1/proposed', 'terminal', '{"at":"2026-11-21T09:48:02.923Z","id":"inc-i6nj6mq2wgd6ahhf/1/proposed","incidentId":"inc-i6nj6mq2wgd6ahhf","reason":"proposed","round":1,"view":{"affected":"users of / (200 of 499 failed)","alertCount":1,"alerts":[{"fingerprint":"limit:test/orders/errorShare","name":"ErrorShareHigh","severity":"sev3","signal":"errorShare","source":"detector","startsAt":"2026-11-21T09:48:01.256Z","status":"firing","summary":"orders: 40 % of requests fail (limit 5 %)"}],"cause":"bad-release","diagnosis":{"evidence":{"E01":"orders: 40 % of requests fail, 1.1 % before","E02":"deployment of 1.5.0 on orders, 322 ms before the onset","E03":"orders runs 1.5.0","E04":"Missing: logs of orders","E05":"Missing: logs"},"evidenceDigest":"5f5a63179eed820614422a4a072ab8418e9e6b40e83b17265c7e874da93e38e7","hypotheses":[{"author":"ana","cause":"bad-release","contradicting":[],"id":"change:change-1","parameters":{"from":"1.5.0","to":"1.4.0"},"runbook":"rollback-release","score":0.55,"supporting":["E02","E01"],"suspect":"orders","title":"Release 1.5.0 (after 1.4.0) on orders came 322 ms before the trouble"}],"onset":"2026-11-21T09:48:01.256Z","ruledOut":[{"evidence":["E01"],"reason":"400 requests a second, 510 before (E01)","title":"A surge of traffic"}],"unknown":["logs of orders: no log is configured (E04)","logs: the log of orders was not read (E05)"],"verdict":"determined"},"environment":"test","incidentId":"inc-i6nj6mq2wgd6ahhf","openedAt":"2026-11-21T09:48:02.346Z","proposal":{"approvals":[],"expiresAt":"2026-11-24T09:48:02.923Z","policy":{"approvers":["anyone with the role approver"],"escalateTo":"on-call","expireAfterMs":259200000,"mode":"approve","notAuthor":false,"quorum":1,"reason":"No rule speaks of this, so a person is asked.","remindAfterMs":1800000},"proposal":{"author":"ana","digest":"7c9984b51be24507433018452257771f03593ad830f4b3ed4bd2246a7124cf96","environment":"test","hypothesis":"change:change-1","incidentId":"inc-i6nj6mq2wgd6ahhf","inverse":["when the result is worse:","1. Deploy release 1.5.0 again: release/deploy release=1.5.0 (at most 1m)"],"parameters":{"from":"1.5.0","to":"1.4.0"},"preview":["only if release/current release=1.5.0","only if release/available release=1.4.0","1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"],"reversible":true,"risk":"medium","round":1,"runbook":{"about":"Deploys an earlier release again. For a service whose trouble began with a release. What the release wrote to its data stays; a release that changed the form of its data needs a person.","hash":"0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3","id":"rollback-release","title":"Roll a release back","version":1},"service":"orders","suspect":"orders","target":{"account":"practice","id":"orders","kind":"service","partition":"local","provider":"local","region":"local"}},"state":"open"},"round":1,"runId":"03f45f0e-b621-479a-9f32-1ab187e01ce5","service":"orders","severity":"sev3","status":"awaiting-approval","title":"orders: 40 % of requests fail","updatedAt":"2026-11-21T09:48:02.923Z","version":5,"workflowId":"incident:test:orders"}}', 0, 0, 'sent', 1795254483007, NULL),
	(2, 'inc-i6nj6mq2wgd6ahhf/1/approved', 'terminal', '{"at":"2026-11-21T09:48:03.067Z","id":"inc-i6nj6mq2wgd6ahhf/1/approved","incidentId":"inc-i6nj6mq2wgd6ahhf","reason":"approved","round":1,"view":{"affected":"users of / (200 of 499 failed)","alertCount":1,"alerts":[{"fingerprint":"limit:test/orders/errorShare","name":"ErrorShareHigh","severity":"sev3","signal":"errorShare","source":"detector","startsAt":"2026-11-21T09:48:01.256Z","status":"firing","summary":"orders: 40 % of requests fail (limit 5 %)"}],"cause":"bad-release","diagnosis":{"evidence":{"E01":"orders: 40 % of requests fail, 1.1 % before","E02":"deployment of 1.5.0 on orders, 322 ms before the onset","E03":"orders runs 1.5.0","E04":"Missing: logs of orders","E05":"Missing: logs"},"evidenceDigest":"5f5a63179eed820614422a4a072ab8418e9e6b40e83b17265c7e874da93e38e7","hypotheses":[{"author":"ana","cause":"bad-release","contradicting":[],"id":"change:change-1","parameters":{"from":"1.5.0","to":"1.4.0"},"runbook":"rollback-release","score":0.55,"supporting":["E02","E01"],"suspect":"orders","title":"Release 1.5.0 (after 1.4.0) on orders came 322 ms before the trouble"}],"onset":"2026-11-21T09:48:01.256Z","ruledOut":[{"evidence":["E01"],"reason":"400 requests a second, 510 before (E01)","title":"A surge of traffic"}],"unknown":["logs of orders: no log is configured (E04)","logs: the log of orders was not read (E05)"],"verdict":"determined"},"environment":"test","incidentId":"inc-i6nj6mq2wgd6ahhf","openedAt":"2026-11-21T09:48:02.346Z","proposal":{"approvals":["ben"],"expiresAt":"2026-11-24T09:48:02.923Z","policy":{"approvers":["anyone with the role approver"],"escalateTo":"on-call","expireAfterMs":259200000,"mode":"approve","notAuthor":false,"quorum":1,"reason":"No rule speaks of this, so a person is asked.","remindAfterMs":1800000},"proposal":{"author":"ana","digest":"7c9984b51be24507433018452257771f03593ad830f4b3ed4bd2246a7124cf96","environment":"test","hypothesis":"change:change-1","incidentId":"inc-i6nj6mq2wgd6ahhf","inverse":["when the result is worse:","1. Deploy release 1.5.0 again: release/deploy release=1.5.0 (at most 1m)"],"parameters":{"from":"1.5.0","to":"1.4.0"},"preview":["only if release/current release=1.5.0","only if release/available release=1.4.0","1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"],"reversible":true,"risk":"medium","round":1,"runbook":{"about":"Deploys an earlier release again. For a service whose trouble began with a release. What the release wrote to its data stays; a release that changed the form of its data needs a person.","hash":"0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3","id":"rollback-release","title":"Roll a release back","version":1},"service":"orders","suspect":"orders","target":{"account":"practice","id":"orders","kind":"service","partition":"local","provider":"local","region":"local"}},"state":"approved"},"remediation":{"effects":[],"runbook":"rollback-release@1","target":"local/local/practice/local/service/orders","workflowId":"remediation:local/local/practice/local/service/orders"},"round":1,"runId":"03f45f0e-b621-479a-9f32-1ab187e01ce5","service":"orders","severity":"sev3","status":"remediating","title":"orders: 40 % of requests fail","updatedAt":"2026-11-21T09:48:03.067Z","version":7,"workflowId":"incident:test:orders"}}', 0, 0, 'sent', 1795254483186, NULL),
	(4, 'inc-i6nj6mq2wgd6ahhf/1/resolved', 'terminal', '{"at":"2026-11-21T09:48:04.629Z","id":"inc-i6nj6mq2wgd6ahhf/1/resolved","incidentId":"inc-i6nj6mq2wgd6ahhf","reason":"resolved","round":1,"view":{"affected":"users of / (200 of 499 failed)","alertCount":1,"alerts":[{"fingerprint":"limit:test/orders/errorShare","name":"ErrorShareHigh","severity":"sev3","signal":"errorShare","source":"detector","startsAt":"2026-11-21T09:48:01.256Z","status":"firing","summary":"orders: 40 % of requests fail (limit 5 %)"}],"cause":"bad-release","diagnosis":{"evidence":{"E01":"orders: 40 % of requests fail, 1.1 % before","E02":"deployment of 1.5.0 on orders, 322 ms before the onset","E03":"orders runs 1.5.0","E04":"Missing: logs of orders","E05":"Missing: logs"},"evidenceDigest":"5f5a63179eed820614422a4a072ab8418e9e6b40e83b17265c7e874da93e38e7","hypotheses":[{"author":"ana","cause":"bad-release","contradicting":[],"id":"change:change-1","parameters":{"from":"1.5.0","to":"1.4.0"},"runbook":"rollback-release","score":0.55,"supporting":["E02","E01"],"suspect":"orders","title":"Release 1.5.0 (after 1.4.0) on orders came 322 ms before the trouble"}],"onset":"2026-11-21T09:48:01.256Z","ruledOut":[{"evidence":["E01"],"reason":"400 requests a second, 510 before (E01)","title":"A surge of traffic"}],"unknown":["logs of orders: no log is configured (E04)","logs: the log of orders was not read (E05)"],"verdict":"determined"},"environment":"test","incidentId":"inc-i6nj6mq2wgd6ahhf","openedAt":"2026-11-21T09:48:02.346Z","outcome":{"kind":"fixed","runbook":"rollback-release@1","summary":"0 % of 400 requests fail (40 % before the remedy), p95 latency is 95 ms."},"proposal":{"approvals":["ben"],"expiresAt":"2026-11-24T09:48:02.923Z","policy":{"approvers":["anyone with the role approver"],"escalateTo":"on-call","expireAfterMs":259200000,"mode":"approve","notAuthor":false,"quorum":1,"reason":"No rule speaks of this, so a person is asked.","remindAfterMs":1800000},"proposal":{"author":"ana","digest":"7c9984b51be24507433018452257771f03593ad830f4b3ed4bd2246a7124cf96","environment":"test","hypothesis":"change:change-1","incidentId":"inc-i6nj6mq2wgd6ahhf","inverse":["when the result is worse:","1. Deploy release 1.5.0 again: release/deploy release=1.5.0 (at most 1m)"],"parameters":{"from":"1.5.0","to":"1.4.0"},"preview":["only if release/current release=1.5.0","only if release/available release=1.4.0","1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"],"reversible":true,"risk":"medium","round":1,"runbook":{"about":"Deploys an earlier release again. For a service whose trouble began with a release. What the release wrote to its data stays; a release that changed the form of its data needs a person.","hash":"0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3","id":"rollback-release","title":"Roll a release back","version":1},"service":"orders","suspect":"orders","target":{"account":"practice","id":"orders","kind":"service","partition":"local","provider":"local","region":"local"}},"state":"approved"},"reason":"0 % of 400 requests fail (40 % before the remedy), p95 latency is 95 ms. No end was received for: ErrorShareHigh.","remediation":{"effects":["f5bd6769-d2eb-52aa-a3cb-716d0ed92f15 Deploy release 1.4.0: deploy done"],"runbook":"rollback-release@1","target":"local/local/practice/local/service/orders","verdict":"recovered","verification":"0 % of 400 requests fail (40 % before the remedy), p95 latency is 95 ms.","workflowId":"remediation:local/local/practice/local/service/orders"},"resolvedAt":"2026-11-21T09:48:04.629Z","round":1,"runId":"03f45f0e-b621-479a-9f32-1ab187e01ce5","service":"orders","severity":"sev3","status":"resolved","title":"orders: 40 % of requests fail","updatedAt":"2026-11-21T09:48:04.629Z","version":12,"workflowId":"incident:test:orders"}}', 0, 0, 'sent', 1795254484676, NULL),
	(5, 'inc-j32i4rthvpesg7k7/1/proposed', 'terminal', '{"at":"2026-11-21T09:48:06.177Z","id":"inc-j32i4rthvpesg7k7/1/proposed","incidentId":"inc-j32i4rthvpesg7k7","reason":"proposed","round":1,"view":{"affected":"users of / (218 of 901 failed)","alertCount":1,"alerts":[{"fingerprint":"limit:test/billing/errorShare","name":"ErrorShareHigh","severity":"sev3","signal":"errorShare","source":"detector","startsAt":"2026-11-21T09:48:05.034Z","status":"firing","summary":"billing: 40 % of requests fail (limit 5 %)"}],"cause":"bad-release","diagnosis":{"evidence":{"E01":"billing: 24 % of requests fail, 0 % before","E02":"deployment of 1.5.0 on billing, at the onset","E03":"billing runs 1.5.0","E04":"Missing: logs of billing","E05":"Missing: logs"},"evidenceDigest":"791263deae070331e76a99bec5e485e0c04acf196c77cc0327aae3d667b9c48b","hypotheses":[{"author":"ana","cause":"bad-release","contradicting":[],"id":"change:change-1","parameters":{"from":"1.5.0","to":"1.4.0"},"runbook":"rollback-release","score":0.55,"supporting":["E02","E01"],"suspect":"billing","title":"Release 1.5.0 (after 1.4.0) on billing came as the trouble began"}],"onset":"2026-11-21T09:48:03.873Z","ruledOut":[{"evidence":["E01"],"reason":"400 requests a second, 486 before (E01)","title":"A surge of traffic"}],"unknown":["logs of billing: no log is configured (E04)","logs: the log of billing was not read (E05)"],"verdict":"determined"},"environment":"test","incidentId":"inc-j32i4rthvpesg7k7","openedAt":"2026-11-21T09:48:06.052Z","proposal":{"approvals":[],"expiresAt":"2026-11-24T09:48:06.177Z","policy":{"approvers":["anyone with the role approver"],"escalateTo":"on-call","expireAfterMs":259200000,"mode":"approve","notAuthor":false,"quorum":1,"reason":"No rule speaks of this, so a person is asked.","remindAfterMs":1800000},"proposal":{"author":"ana","digest":"ece8261793ab6ecc73ed17e0746aebb0e683fdb13ad9a95a613ad7abe8e70c7b","environment":"test","hypothesis":"change:change-1","incidentId":"inc-j32i4rthvpesg7k7","inverse":["when the result is worse:","1. Deploy release 1.5.0 again: release/deploy release=1.5.0 (at most 1m)"],"parameters":{"from":"1.5.0","to":"1.4.0"},"preview":["only if release/current release=1.5.0","only if release/available release=1.4.0","1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"],"reversible":true,"risk":"medium","round":1,"runbook":{"about":"Deploys an earlier release again. For a service whose trouble began with a release. What the release wrote to its data stays; a release that changed the form of its data needs a person.","hash":"0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3","id":"rollback-release","title":"Roll a release back","version":1},"service":"billing","suspect":"billing","target":{"account":"practice","id":"billing","kind":"service","partition":"local","provider":"local","region":"local"}},"state":"open"},"round":1,"runId":"79938e30-8242-4ef4-8e46-67abc9237d5f","service":"billing","severity":"sev3","status":"awaiting-approval","title":"billing: 24 % of requests fail","updatedAt":"2026-11-21T09:48:06.177Z","version":5,"workflowId":"incident:test:billing"}}', 0, 0, 'sent', 1795254486221, NULL);

INSERT INTO nightshift.outcomes VALUES
	('inc-i6nj6mq2wgd6ahhf', 1, 'recovered', 'rollback-release', '0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3', 'test', 'orders', 'bad-release', 1795254484629);

INSERT INTO nightshift.proposals VALUES
	('7c9984b51be24507433018452257771f03593ad830f4b3ed4bd2246a7124cf96', 'inc-i6nj6mq2wgd6ahhf', 1, '{"author":"ana","digest":"7c9984b51be24507433018452257771f03593ad830f4b3ed4bd2246a7124cf96","environment":"test","hypothesis":"change:change-1","incidentId":"inc-i6nj6mq2wgd6ahhf","inverse":["when the result is worse:","1. Deploy release 1.5.0 again: release/deploy release=1.5.0 (at most 1m)"],"parameters":{"from":"1.5.0","to":"1.4.0"},"preview":["only if release/current release=1.5.0","only if release/available release=1.4.0","1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"],"reversible":true,"risk":"medium","round":1,"runbook":{"about":"Deploys an earlier release again. For a service whose trouble began with a release. What the release wrote to its data stays; a release that changed the form of its data needs a person.","hash":"0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3","id":"rollback-release","title":"Roll a release back","version":1},"service":"orders","suspect":"orders","target":{"account":"practice","id":"orders","kind":"service","partition":"local","provider":"local","region":"local"}}'),
	('ece8261793ab6ecc73ed17e0746aebb0e683fdb13ad9a95a613ad7abe8e70c7b', 'inc-j32i4rthvpesg7k7', 1, '{"author":"ana","digest":"ece8261793ab6ecc73ed17e0746aebb0e683fdb13ad9a95a613ad7abe8e70c7b","environment":"test","hypothesis":"change:change-1","incidentId":"inc-j32i4rthvpesg7k7","inverse":["when the result is worse:","1. Deploy release 1.5.0 again: release/deploy release=1.5.0 (at most 1m)"],"parameters":{"from":"1.5.0","to":"1.4.0"},"preview":["only if release/current release=1.5.0","only if release/available release=1.4.0","1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)"],"reversible":true,"risk":"medium","round":1,"runbook":{"about":"Deploys an earlier release again. For a service whose trouble began with a release. What the release wrote to its data stays; a release that changed the form of its data needs a person.","hash":"0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3","id":"rollback-release","title":"Roll a release back","version":1},"service":"billing","suspect":"billing","target":{"account":"practice","id":"billing","kind":"service","partition":"local","provider":"local","region":"local"}}');

INSERT INTO nightshift.runbooks VALUES
	('0fa37eb8e2e64d44e8e83609a09d1c9bacdf911fc16c695205bbbca9e19faed3', '{"causes":["bad-release"],"description":"Deploys an earlier release again. For a service whose trouble began with a release. What the release wrote to its data stays; a release that changed the form of its data needs a person.","id":"rollback-release","inverse":{"on":["worse"],"steps":[{"id":"deploy-again","name":"Deploy release ${{ parameters.from }} again","timeoutMs":60000,"uses":"release/deploy","with":{"release":"${{ parameters.from }}"}}]},"parameters":{"from":{"description":"Release that runs now and is suspected.","pattern":"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}","type":"string"},"to":{"description":"Release to go back to.","pattern":"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}","type":"string"}},"preconditions":[{"check":"release/current","with":{"release":"${{ parameters.from }}"}},{"check":"release/available","with":{"release":"${{ parameters.to }}"}}],"probe":{},"reversible":true,"risk":"medium","steps":[{"id":"deploy-earlier","name":"Deploy release ${{ parameters.to }}","timeoutMs":60000,"uses":"release/deploy","with":{"release":"${{ parameters.to }}"}}],"title":"Roll a release back","version":1}');

INSERT INTO nightshift.samples VALUES
	('test', 'orders', 1795254473869, '127.0.0.1:44209', '{"at":1795254473869,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[1663,1663,1663],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":1663}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254473873, '127.0.0.1:40053', '{"at":1795254473873,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[1663,1663,1663],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":1663}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254473990, '127.0.0.1:44209', '{"at":1795254473990,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[1718,1718,1718],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":1718}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254473991, '127.0.0.1:40053', '{"at":1795254473991,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[1717,1717,1717],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":1717}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254474241, '127.0.0.1:44209', '{"at":1795254474241,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[1818,1818,1818],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":1818}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254474242, '127.0.0.1:40053', '{"at":1795254474242,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[1818,1818,1818],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":1818}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254474491, '127.0.0.1:44209', '{"at":1795254474491,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[1918,1918,1918],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":1918}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254474492, '127.0.0.1:40053', '{"at":1795254474492,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[1918,1918,1918],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":1918}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254474742, '127.0.0.1:44209', '{"at":1795254474742,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2018,2018,2018],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2018}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254474743, '127.0.0.1:40053', '{"at":1795254474743,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2018,2018,2018],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2018}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254474992, '127.0.0.1:44209', '{"at":1795254474992,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2118,2118,2118],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2118}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254474993, '127.0.0.1:40053', '{"at":1795254474993,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2118,2118,2118],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2118}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254475242, '127.0.0.1:44209', '{"at":1795254475242,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2219,2219,2219],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2219}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254475243, '127.0.0.1:40053', '{"at":1795254475243,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2218,2218,2218],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2218}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254475492, '127.0.0.1:44209', '{"at":1795254475492,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2319,2319,2319],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2319}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254475493, '127.0.0.1:40053', '{"at":1795254475493,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2318,2318,2318],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2318}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254475743, '127.0.0.1:44209', '{"at":1795254475743,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2419,2419,2419],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2419}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254475744, '127.0.0.1:40053', '{"at":1795254475744,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2418,2418,2418],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2418}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254475994, '127.0.0.1:44209', '{"at":1795254475994,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2519,2519,2519],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2519}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254475995, '127.0.0.1:40053', '{"at":1795254475995,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2519,2519,2519],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2519}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254476244, '127.0.0.1:44209', '{"at":1795254476244,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2619,2619,2619],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2619}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254476245, '127.0.0.1:40053', '{"at":1795254476245,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2618,2618,2618],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2618}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254476494, '127.0.0.1:44209', '{"at":1795254476494,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2720,2720,2720],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2720}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254476494, '127.0.0.1:40053', '{"at":1795254476494,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2719,2719,2719],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2719}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254476744, '127.0.0.1:44209', '{"at":1795254476744,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2820,2820,2820],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2820}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254476745, '127.0.0.1:40053', '{"at":1795254476745,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2819,2819,2819],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2819}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254476996, '127.0.0.1:44209', '{"at":1795254476996,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[2920,2920,2920],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2920}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254476998, '127.0.0.1:40053', '{"at":1795254476998,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[2920,2920,2920],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":2920}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254477246, '127.0.0.1:44209', '{"at":1795254477246,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3020,3020,3020],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3020}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254477247, '127.0.0.1:40053', '{"at":1795254477247,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3020,3020,3020],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3020}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254477494, '127.0.0.1:44209', '{"at":1795254477494,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3120,3120,3120],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3120}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254477494, '127.0.0.1:40053', '{"at":1795254477494,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3119,3119,3119],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3119}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254477745, '127.0.0.1:44209', '{"at":1795254477745,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3220,3220,3220],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3220}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254477746, '127.0.0.1:40053', '{"at":1795254477746,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3220,3220,3220],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3220}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254477994, '127.0.0.1:44209', '{"at":1795254477994,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3320,3320,3320],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3320}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254477995, '127.0.0.1:40053', '{"at":1795254477995,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3319,3319,3319],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3319}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254478245, '127.0.0.1:44209', '{"at":1795254478245,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3420,3420,3420],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3420}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254478246, '127.0.0.1:40053', '{"at":1795254478246,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3419,3419,3419],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3419}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254478499, '127.0.0.1:44209', '{"at":1795254478499,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3520,3520,3520],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3520}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254478500, '127.0.0.1:40053', '{"at":1795254478500,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3521,3521,3521],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3521}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254478746, '127.0.0.1:44209', '{"at":1795254478746,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3620,3620,3620],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3620}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254478747, '127.0.0.1:40053', '{"at":1795254478747,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3620,3620,3620],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3620}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254478997, '127.0.0.1:44209', '{"at":1795254478997,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3720,3720,3720],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3720}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254478998, '127.0.0.1:40053', '{"at":1795254478998,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3720,3720,3720],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3720}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254479245, '127.0.0.1:44209', '{"at":1795254479245,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3820,3820,3820],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3820}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254479246, '127.0.0.1:40053', '{"at":1795254479246,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3819,3819,3819],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3819}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254479495, '127.0.0.1:44209', '{"at":1795254479495,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[3920,3920,3920],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3920}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254479496, '127.0.0.1:40053', '{"at":1795254479496,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[3919,3919,3919],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":3919}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254479746, '127.0.0.1:44209', '{"at":1795254479746,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4020,4020,4020],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4020}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254479746, '127.0.0.1:40053', '{"at":1795254479746,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4020,4020,4020],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4020}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}');
INSERT INTO nightshift.samples VALUES
	('test', 'orders', 1795254479997, '127.0.0.1:44209', '{"at":1795254479997,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4121,4121,4121],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4121}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254479998, '127.0.0.1:40053', '{"at":1795254479998,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4120,4120,4120],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4120}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254480249, '127.0.0.1:44209', '{"at":1795254480249,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4221,4221,4221],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4221}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254480250, '127.0.0.1:40053', '{"at":1795254480250,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4221,4221,4221],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4221}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254480501, '127.0.0.1:44209', '{"at":1795254480501,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4322,4322,4322],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4322}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254480502, '127.0.0.1:40053', '{"at":1795254480502,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4321,4321,4321],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4321}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254480749, '127.0.0.1:44209', '{"at":1795254480749,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4421,4421,4421],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4421}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254480749, '127.0.0.1:40053', '{"at":1795254480749,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4421,4421,4421],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4421}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254481003, '127.0.0.1:44209', '{"at":1795254481003,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4522,4522,4522],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":10,"requests":4522}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254481004, '127.0.0.1:40053', '{"at":1795254481004,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4521,4521,4521],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4521}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254481253, '127.0.0.1:44209', '{"at":1795254481253,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4623,4623,4623],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":51,"requests":4623}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254481254, '127.0.0.1:40053', '{"at":1795254481254,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4622,4622,4622],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4622}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254481501, '127.0.0.1:44209', '{"at":1795254481501,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4722,4722,4722],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":91,"requests":4722}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254481502, '127.0.0.1:40053', '{"at":1795254481502,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4722,4722,4722],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4722}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254481755, '127.0.0.1:44209', '{"at":1795254481755,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4822,4822,4822],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":130,"requests":4822}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254481756, '127.0.0.1:40053', '{"at":1795254481756,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4822,4822,4822],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4822}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254482001, '127.0.0.1:44209', '{"at":1795254482001,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[4922,4922,4922],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":171,"requests":4922}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254482002, '127.0.0.1:40053', '{"at":1795254482002,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[4922,4922,4922],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":4922}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254482250, '127.0.0.1:44209', '{"at":1795254482250,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5022,5022,5022],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":210,"requests":5022}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254482250, '127.0.0.1:40053', '{"at":1795254482250,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5021,5021,5021],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5021}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254482501, '127.0.0.1:44209', '{"at":1795254482501,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5122,5122,5122],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":251,"requests":5122}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254482501, '127.0.0.1:40053', '{"at":1795254482501,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5122,5122,5122],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5122}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254482814, '127.0.0.1:44209', '{"at":1795254482814,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5247,5247,5247],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":300,"requests":5247}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254482772, '127.0.0.1:40053', '{"at":1795254482772,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5228,5228,5228],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5228}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254483032, '127.0.0.1:44209', '{"at":1795254483032,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5334,5334,5334],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":335,"requests":5334}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254483032, '127.0.0.1:40053', '{"at":1795254483032,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5333,5333,5333],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5333}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254483276, '127.0.0.1:44209', '{"at":1795254483276,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5433,5433,5433],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":5433}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254483277, '127.0.0.1:40053', '{"at":1795254483277,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5432,5432,5432],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5432}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254483529, '127.0.0.1:44209', '{"at":1795254483529,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5534,5534,5534],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":5534}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254483530, '127.0.0.1:40053', '{"at":1795254483530,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5533,5533,5533],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5533}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254483778, '127.0.0.1:44209', '{"at":1795254483778,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5633,5633,5633],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":5633}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254483779, '127.0.0.1:40053', '{"at":1795254483779,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5633,5633,5633],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5633}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254484031, '127.0.0.1:44209', '{"at":1795254484031,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5734,5734,5734],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":5734}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254484032, '127.0.0.1:40053', '{"at":1795254484032,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5734,5734,5734],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5734}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254484281, '127.0.0.1:44209', '{"at":1795254484281,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5834,5834,5834],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":5834}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254484281, '127.0.0.1:40053', '{"at":1795254484281,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5834,5834,5834],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5834}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254484531, '127.0.0.1:44209', '{"at":1795254484531,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[5934,5934,5934],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":5934}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254484532, '127.0.0.1:40053', '{"at":1795254484532,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[5934,5934,5934],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":0,"requests":5934}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254484782, '127.0.0.1:44209', '{"at":1795254484782,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[6035,6035,6035],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":6035}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254484782, '127.0.0.1:40053', '{"at":1795254484782,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[6034,6034,6034],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":18,"requests":6034}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254485032, '127.0.0.1:44209', '{"at":1795254485032,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[6135,6135,6135],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":6135}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254485033, '127.0.0.1:40053', '{"at":1795254485033,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[6134,6134,6134],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":58,"requests":6134}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254485282, '127.0.0.1:44209', '{"at":1795254485282,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[6235,6235,6235],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":6235}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254485283, '127.0.0.1:40053', '{"at":1795254485283,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[6234,6234,6234],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":98,"requests":6234}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254485532, '127.0.0.1:44209', '{"at":1795254485532,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[6335,6335,6335],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":6335}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254485533, '127.0.0.1:40053', '{"at":1795254485533,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[6334,6334,6334],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":138,"requests":6334}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254485782, '127.0.0.1:44209', '{"at":1795254485782,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[6434,6434,6434],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":6434}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254485783, '127.0.0.1:40053', '{"at":1795254485783,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[6434,6434,6434],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":178,"requests":6434}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}'),
	('test', 'orders', 1795254486032, '127.0.0.1:44209', '{"at":1795254486032,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[6535,6535,6535],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":6535}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254486033, '127.0.0.1:40053', '{"at":1795254486033,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[6534,6534,6534],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":218,"requests":6534}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}');
INSERT INTO nightshift.samples VALUES
	('test', 'orders', 1795254486286, '127.0.0.1:44209', '{"at":1795254486286,"environment":"test","instance":"127.0.0.1:44209","latency":{"counts":[6636,6636,6636],"le":[0.1,1,null]},"release":"1.4.0","routes":{"/":{"errors":373,"requests":6636}},"saturation":{},"service":"orders","startedAt":1795254472194,"up":true}'),
	('test', 'billing', 1795254486287, '127.0.0.1:40053', '{"at":1795254486287,"environment":"test","instance":"127.0.0.1:40053","latency":{"counts":[6636,6636,6636],"le":[0.1,1,null]},"release":"1.5.0","routes":{"/":{"errors":258,"requests":6636}},"saturation":{},"service":"billing","startedAt":1795254472196,"up":true}');

INSERT INTO nightshift.secrets VALUES
	('door-key', 'nLvvY9ueaoa5sTgsRyiVr8zH/W1BDFTWbPbyIf/a8QY=');

SELECT pg_catalog.setval('nightshift.inbox_position_seq', 4, true);

SELECT pg_catalog.setval('nightshift.outbox_position_seq', 5, true);

ALTER TABLE ONLY nightshift.audit_ledger
    ADD CONSTRAINT audit_ledger_pkey PRIMARY KEY (id);

ALTER TABLE ONLY nightshift.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY nightshift.audit
    ADD CONSTRAINT audit_stream_seq_key UNIQUE (stream, seq);

ALTER TABLE ONLY nightshift.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY nightshift.evidence
    ADD CONSTRAINT evidence_digest_key UNIQUE (digest);

ALTER TABLE ONLY nightshift.evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (incident_id, round);

ALTER TABLE ONLY nightshift.inbox
    ADD CONSTRAINT inbox_alert_id_key UNIQUE (alert_id);

ALTER TABLE ONLY nightshift.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY nightshift.incidents
    ADD CONSTRAINT incidents_pkey PRIMARY KEY (incident_id);

ALTER TABLE ONLY nightshift.intents
    ADD CONSTRAINT intents_pkey PRIMARY KEY (token);

ALTER TABLE ONLY nightshift.keys
    ADD CONSTRAINT keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY nightshift.kill_switch
    ADD CONSTRAINT kill_switch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY nightshift.loop_state
    ADD CONSTRAINT loop_state_pkey PRIMARY KEY (name);

ALTER TABLE ONLY nightshift.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY nightshift.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id, channel);

ALTER TABLE ONLY nightshift.outcomes
    ADD CONSTRAINT outcomes_pkey PRIMARY KEY (incident_id, round, verdict);

ALTER TABLE ONLY nightshift.proposals
    ADD CONSTRAINT proposals_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY nightshift.runbooks
    ADD CONSTRAINT runbooks_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY nightshift.samples
    ADD CONSTRAINT samples_pkey PRIMARY KEY (environment, service, at, instance);

ALTER TABLE ONLY nightshift.secrets
    ADD CONSTRAINT secrets_pkey PRIMARY KEY (name);

CREATE INDEX changes_of_service ON nightshift.changes USING btree (environment, service, at);

CREATE INDEX inbox_undelivered ON nightshift.inbox USING btree ("position") INCLUDE (received_at) WHERE (workflow_id IS NULL);

CREATE INDEX incidents_by_age ON nightshift.incidents USING btree (opened_at DESC, incident_id);

CREATE INDEX incidents_by_status ON nightshift.incidents USING btree (status, opened_at DESC, incident_id);

CREATE INDEX incidents_closed ON nightshift.incidents USING btree (environment, service, closed_at DESC) WHERE (closed_at IS NOT NULL);

CREATE INDEX incidents_of_service ON nightshift.incidents USING btree (environment, service, opened_at DESC, incident_id);

CREATE INDEX incidents_open ON nightshift.incidents USING btree (opened_at DESC, incident_id) WHERE (status <> 'resolved'::text);

CREATE INDEX intents_by_time ON nightshift.intents USING btree (intended_at);

CREATE INDEX intents_of_target ON nightshift.intents USING btree (target, intended_at);

CREATE INDEX keys_of_person ON nightshift.keys USING btree (name) WHERE (revoked_at IS NULL);

CREATE INDEX outbox_waiting ON nightshift.outbox USING btree ("position") WHERE (state = 'waiting'::text);

CREATE INDEX outcomes_of_runbook ON nightshift.outcomes USING btree (runbook, environment, at);

CREATE INDEX proposals_of_incident ON nightshift.proposals USING btree (incident_id, round);

CREATE INDEX samples_at ON nightshift.samples USING btree (at);

