-- Owned by ResidentialDays: by what limits somebody is near or over, and from which position on spans by those are stored.
CREATE TABLE residential_policy (
    limits text   PRIMARY KEY, -- what of a policy decides which spans there are
    since  bigint NOT NULL
);
ALTER TABLE residential_limit ADD COLUMN limits text NOT NULL COLLATE "C" DEFAULT '';
ALTER TABLE residential_limit ALTER COLUMN limits DROP DEFAULT;
DROP INDEX residential_limit_day;
CREATE INDEX residential_limit_day ON residential_limit (limits, basis, until_on)
 INCLUDE (from_on, from_position, until_position, person_id, limit_name, level);

-- Made of events that have been: built anew.
TRUNCATE residential_person, residential_stay, residential_limit, residential_payment;
DELETE FROM token_entry WHERE processor_name = 'residential-days';
DELETE FROM parked_event WHERE processor = 'residential-days';
