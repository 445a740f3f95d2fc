-- Owned by ReadRecord: who read whose personal data, when, through which route. Not of the log, and never built again from it: rows are
-- only added, and go only when the retention of ledger.reads.retention is over (decision 70).
CREATE TABLE personal_data_read (
    read_id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    read_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id         text        NOT NULL,
    role            text        NOT NULL,
    organisation_id text,
    route           text        NOT NULL, -- method and pattern of the route, as GET /api/v1/people/{personId}
    status          smallint    NOT NULL, -- 200; 403 or 404 for an attempt that was refused
    correlation     text        NOT NULL,
    subjects        text[]      NOT NULL, -- kind/id of everything that was named: person/P-1, account/A-1, budget/B-1 …; no names
    everybody       boolean     NOT NULL, -- an export, or more subjects than are listed: of everybody whom the filters let in
    filters         text        NOT NULL  -- what it was limited to, as name=value
);
CREATE INDEX personal_data_read_subjects ON personal_data_read USING gin (subjects);
CREATE INDEX personal_data_read_user ON personal_data_read (user_id, read_id);
CREATE INDEX personal_data_read_at ON personal_data_read (read_at);
CREATE INDEX personal_data_read_everybody ON personal_data_read (read_id) WHERE everybody;

-- 90 days is the least that ledger.reads.retention can be.
CREATE FUNCTION personal_data_read_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.read_at < now() - interval '90 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the record of reads is only ever added to';
END $$;
CREATE TRIGGER personal_data_read_stays BEFORE UPDATE OR DELETE ON personal_data_read
    FOR EACH ROW EXECUTE FUNCTION personal_data_read_stays();
CREATE TRIGGER personal_data_read_is_not_emptied BEFORE TRUNCATE ON personal_data_read
    FOR EACH STATEMENT EXECUTE FUNCTION personal_data_read_stays();
