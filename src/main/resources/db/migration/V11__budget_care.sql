-- A budget's document has gained a part: the register is built again from the log.
TRUNCATE budget_register, budget_line_use;
DELETE FROM token_entry WHERE processor_name = 'budget-register';
DELETE FROM parked_event WHERE processor = 'budget-register';
-- Streams remember more than their snapshots do.
DELETE FROM event_snapshot;
