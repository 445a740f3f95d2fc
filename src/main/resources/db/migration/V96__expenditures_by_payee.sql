-- Owned by FlagRegister: a person's expenditures are found by the accounts that spend_facts names, and around one mostly those to the same payee.
DROP INDEX spend_item_person;
ALTER TABLE spend_item DROP COLUMN person_id, ADD COLUMN payee_key text GENERATED ALWAYS AS (document ->> 'payeeKey') STORED;
