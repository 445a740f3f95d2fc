-- Owned by RunRegister: what was held, or given up with its run, is resolved too once it has been paid. Derived again from the first event on.
TRUNCATE run_register, run_item, run_item_state;
DELETE FROM token_entry WHERE processor_name = 'run-register';
DELETE FROM parked_event WHERE processor = 'run-register';
