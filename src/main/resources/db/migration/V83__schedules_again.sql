-- Owned by AccountSchedules: instalments of a schedule that were agreed anew, and the business day from which that counts.
CREATE TABLE account_schedule_change (
    id             text   NOT NULL, -- account/schedule/position
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    account_id     text   GENERATED ALWAYS AS (document ->> 'accountId') STORED,
    counts_from    text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'countsFrom') STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX account_schedule_change_account ON account_schedule_change (account_id, from_position);
-- What was paid of an instalment, less the client's contribution; null while nothing is.
ALTER TABLE account_instalment ADD COLUMN net_pence bigint;
-- A schedule counts from the first day that it pays for, if it was agreed later: derived again from the first event on.
TRUNCATE account_schedule, account_instalment, account_schedule_end;
DELETE FROM token_entry WHERE processor_name = 'account-schedules';
DELETE FROM parked_event WHERE processor = 'account-schedules';
