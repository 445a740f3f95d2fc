-- Owned by Letters: what somebody is written to about. Filled from the log by itself.
CREATE TABLE letter_refusal (
    id             text   NOT NULL, -- budget
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    PRIMARY KEY (id, from_position)
);
CREATE TABLE letter_flag (
    id             text   NOT NULL, -- flag
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    PRIMARY KEY (id, from_position)
);
