-- Persons whose keys have been destroyed: none is ever made for them again. The list of erasures under the ledger's home says the same, for
-- the day on which an older backup of this database is restored.
CREATE TABLE erased_person (
    person_id text        PRIMARY KEY,
    position  bigint      NOT NULL, -- of the event that records the erasure
    erased_at timestamptz NOT NULL
);
