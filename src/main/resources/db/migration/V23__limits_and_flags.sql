-- Whose limits are worked out live comes in the order of ids.
CREATE INDEX residential_person_order ON residential_person (id COLLATE "C");

-- A batch reads a person's flags that are about no expenditure, and those of few expenditures.
DROP INDEX spend_flag_person;
CREATE INDEX spend_flag_person ON spend_flag (person_id, (transaction_id IS NULL));

-- A stay is judged by a policy of its own: derived again from the first event on.
TRUNCATE spend_flag, spend_facts, spend_item;
DELETE FROM token_entry WHERE processor_name = 'flag-register';
DELETE FROM parked_event WHERE processor = 'flag-register';
