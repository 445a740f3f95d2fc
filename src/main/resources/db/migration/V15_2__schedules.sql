-- Owned by AccountSchedules: the last day of an account's budget; the newest row holds, null while there is none.
CREATE TABLE account_schedule_end (
    account_id text   NOT NULL COLLATE "C",
    position   bigint NOT NULL,
    ends_on    date,
    PRIMARY KEY (account_id, position)
);
-- It is made of events that have been: the projection is built anew.
TRUNCATE account_schedule, account_instalment;
DELETE FROM token_entry WHERE processor_name = 'account-schedules';
DELETE FROM parked_event WHERE processor = 'account-schedules';
