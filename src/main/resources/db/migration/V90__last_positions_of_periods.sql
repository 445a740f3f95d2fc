-- Owned by PeriodRegister: a sealed period keeps the last position that its seal attests. Derived again from the first event on.
TRUNCATE period_register;
ALTER TABLE period_register ADD COLUMN last_position bigint NOT NULL;
DELETE FROM token_entry WHERE processor_name = 'period-register';
DELETE FROM parked_event WHERE processor = 'period-register';
