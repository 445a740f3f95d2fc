-- Owned by TransparencyLog: hashes of the complete subtrees of the Merkle tree over the log; level 0 are the events'.
CREATE TABLE audit_node (
    level integer NOT NULL,
    index bigint  NOT NULL,
    hash  text    NOT NULL COLLATE "C", -- hexadecimal
    PRIMARY KEY (level, index)
);
-- every checkpoint that was signed; the last is kept beside the key, too
CREATE TABLE audit_checkpoint (
    size      bigint      PRIMARY KEY,
    root_hash text        NOT NULL,
    signed_at timestamptz NOT NULL,
    key_id    text        NOT NULL,
    signature text        NOT NULL
);

-- Owned by Verification.
CREATE TABLE audit_verification (
    id         text        PRIMARY KEY,
    state      text        NOT NULL,
    events     bigint      NOT NULL,
    total      bigint      NOT NULL,
    root_hash  text,
    ok         boolean,
    first_bad  bigint,
    problem    text,
    updated_at timestamptz NOT NULL
);

-- the log by whom and what it concerns
CREATE INDEX event_log_account ON event_log ((metadata::jsonb ->> 'accountId'), position);
CREATE INDEX event_log_person ON event_log ((metadata::jsonb ->> 'personId'), position);
CREATE INDEX event_log_name ON event_log (name, position);
