-- Owned by Policies: every published version of the council's policy, whole.
CREATE TABLE policy_version (
    version        text    PRIMARY KEY,
    effective_from date    NOT NULL,
    position       bigint  NOT NULL,
    settings       jsonb   NOT NULL, -- JSON by dotted name
    retrospective  boolean NOT NULL,
    reason         text,
    published_by   text    NOT NULL,
    published_on   date    NOT NULL
);
CREATE INDEX policy_version_position ON policy_version (position);
