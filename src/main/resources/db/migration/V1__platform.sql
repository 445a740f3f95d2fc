-- The event log: the truth. Rows are only ever inserted; position and recorded_at come from the one head row, locked in the
-- append's own transaction, so that positions have no gaps and time never goes back, however many nodes write.
CREATE TABLE event_log_head (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    position    bigint      NOT NULL,
    recorded_at timestamptz NOT NULL
);
INSERT INTO event_log_head (position, recorded_at) VALUES (0, 'epoch');

CREATE TABLE event_log (
    position    bigint      PRIMARY KEY,
    stream_id   text        NOT NULL,
    sequence    bigint      NOT NULL,
    stream_type text        NOT NULL,
    name        text        NOT NULL,
    revision    text        NOT NULL,
    event_id    text        NOT NULL,
    payload     text        NOT NULL,
    metadata    text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    request_key text,
    CONSTRAINT event_log_stream UNIQUE (stream_id, sequence)
);
-- one idempotency key, one write; and the way to find what a key has recorded
CREATE UNIQUE INDEX event_log_request ON event_log (request_key) WHERE request_key IS NOT NULL;
-- knownAt: the last position recorded by an instant
CREATE INDEX event_log_recorded_at ON event_log (recorded_at, position);

CREATE TABLE event_snapshot (
    stream_id   text   PRIMARY KEY,
    sequence    bigint NOT NULL,
    stream_type text   NOT NULL,
    name        text   NOT NULL,
    revision    text   NOT NULL,
    event_id    text   NOT NULL,
    payload     text   NOT NULL,
    metadata    text   NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- How far each processor has come: Axon's own layout.
CREATE TABLE token_entry (
    processor_name text    NOT NULL,
    segment        integer NOT NULL,
    token          bytea,
    token_type     text,
    timestamp      text,
    owner          text,
    PRIMARY KEY (processor_name, segment)
);

-- Events that a projection or automation could not apply, and those of the same key behind them: their figures are unavailable from
-- the first of these positions on. The event itself is in the log.
CREATE TABLE parked_event (
    processor text        NOT NULL,
    key       text        NOT NULL,
    position  bigint      NOT NULL,
    name      text        NOT NULL,
    cause     text        NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (processor, key, position)
);

-- What automations asked for and were refused: an outcome to look at, not an error.
CREATE TABLE automation_refusal (
    automation text        NOT NULL,
    position   bigint      NOT NULL,
    target     text        NOT NULL,
    code       text        NOT NULL,
    words      text        NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (automation, position, target)
);
