-- Events as they were: one row per call with every name. For people, tools and proofs; the program writes usage_calls.

DROP TABLE usage_events_before;

CREATE VIEW usage_events AS SELECT
    c.sequence,
    CASE typeof(c.request_id) WHEN 'blob' THEN 'req_' || lower(hex(c.request_id)) ELSE c.request_id END AS request_id,
    CASE typeof(c.client_request_id) WHEN 'blob' THEN 'req_' || lower(hex(c.client_request_id))
        ELSE c.client_request_id END AS client_request_id,
    k.key_id,
    k.account_id,
    date(c.day * 86400, 'unixepoch') AS day,
    n.wallet,
    n.endpoint,
    n.asked_model,
    n.provider,
    n.model,
    n.stream,
    n.status,
    n.outcome,
    n.usage_source,
    c.input,
    c.cached_input,
    c.cache_write,
    c.output,
    c.audio_input,
    c.audio_output,
    c.images,
    n.priced_requests,
    c.reasoning,
    c.cost_micros,
    c.bound_micros,
    n.currency,
    n.usd_rate,
    n.price_version,
    c.started_at,
    c.started_at + c.lasted_micros AS ended_at,
    c.first_byte_ms,
    c.duration_ms,
    n.client_gone,
    n.attempts,
    n.node
FROM usage_calls AS c
LEFT JOIN usage_keys AS k ON k.number = c.key
LEFT JOIN usage_kinds AS n ON n.number = c.kind;

CREATE TRIGGER usage_event_changed INSTEAD OF UPDATE ON usage_events BEGIN
    SELECT RAISE(ABORT, 'the id of an event is not changed') WHERE NEW.request_id <> OLD.request_id;
    INSERT INTO usage_keys (key_id, account_id) VALUES (NEW.key_id, NEW.account_id) ON CONFLICT DO NOTHING;
    INSERT INTO usage_kinds (wallet, endpoint, asked_model, provider, model, stream, status, outcome, usage_source,
        currency, usd_rate, price_version, client_gone, attempts, priced_requests, node)
    VALUES (NEW.wallet, NEW.endpoint, NEW.asked_model, NEW.provider, NEW.model, NEW.stream, NEW.status, NEW.outcome,
        NEW.usage_source, NEW.currency, NEW.usd_rate, NEW.price_version, NEW.client_gone, NEW.attempts,
        NEW.priced_requests, NEW.node) ON CONFLICT DO NOTHING;
    UPDATE usage_calls SET
        key = (SELECT number FROM usage_keys WHERE key_id = NEW.key_id AND account_id = NEW.account_id),
        kind = (SELECT number FROM usage_kinds AS n WHERE n.model = NEW.model AND n.provider = NEW.provider
            AND n.asked_model = NEW.asked_model AND n.endpoint = NEW.endpoint AND n.wallet = NEW.wallet
            AND n.stream = NEW.stream AND n.status = NEW.status AND n.outcome = NEW.outcome
            AND n.usage_source = NEW.usage_source AND n.currency = NEW.currency AND n.usd_rate = NEW.usd_rate
            AND n.price_version = NEW.price_version AND n.client_gone = NEW.client_gone
            AND n.attempts = NEW.attempts AND n.priced_requests = NEW.priced_requests AND n.node = NEW.node),
        day = unixepoch(NEW.day) / 86400,
        input = NEW.input, cached_input = NEW.cached_input, cache_write = NEW.cache_write, output = NEW.output,
        audio_input = NEW.audio_input, audio_output = NEW.audio_output, images = NEW.images,
        reasoning = NEW.reasoning, cost_micros = NEW.cost_micros, bound_micros = NEW.bound_micros,
        started_at = NEW.started_at, lasted_micros = NEW.ended_at - NEW.started_at,
        first_byte_ms = NEW.first_byte_ms, duration_ms = NEW.duration_ms
    WHERE sequence = OLD.sequence;
END;

CREATE TRIGGER usage_event_removed INSTEAD OF DELETE ON usage_events BEGIN
    DELETE FROM usage_calls WHERE sequence = OLD.sequence;
END;
