-- runs beside earlier versions
-- Owned by Nodes: the processes that live on this database, and what each can read. tables_known is the newest migration that its version has,
-- tables_needed the newest of them beside which no version without it may run.
CREATE TABLE node (
    process       text        PRIMARY KEY,
    started_at    timestamptz NOT NULL,
    seen_at       timestamptz NOT NULL,
    reads         text[]      NOT NULL,
    tables_known  text        NOT NULL,
    tables_needed text        NOT NULL
);

-- Owned by EventKinds: names and revisions that the log may hold. Every living node reads every one of them.
CREATE TABLE event_kind (
    kind text PRIMARY KEY
);
INSERT INTO event_kind SELECT DISTINCT name || '.' || revision FROM event_log WHERE revision IS NOT NULL;
