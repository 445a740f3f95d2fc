-- Owned by Rebuilds: what was rebuilt beside the live tables, and what came of it.
CREATE TABLE audit_rebuild (
    id           text        PRIMARY KEY,
    request_hash text        NOT NULL,
    state        text        NOT NULL,
    started_at   timestamptz NOT NULL,
    document     jsonb       NOT NULL
);
CREATE INDEX audit_rebuild_started ON audit_rebuild (started_at);
