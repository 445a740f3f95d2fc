-- An agreement with a relative can be withdrawn: what knows of agreements has gained a part, and is built again from the log.
TRUNCATE budget_register, budget_line_use, spend_flag, spend_facts, spend_item;
DELETE FROM token_entry WHERE processor_name IN ('budget-register', 'flag-register');
DELETE FROM parked_event WHERE processor IN ('budget-register', 'flag-register');
-- What a budget remembers of its agreements is no longer their number.
DELETE FROM event_snapshot WHERE stream_id LIKE 'budget/%';
