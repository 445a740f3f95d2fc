-- For the report of payment exceptions: the few items of a run that a person should look at. Tables are owned by RunRegister.
CREATE INDEX run_item_exceptional ON run_item (run_id, number) WHERE remarks <> '' OR state = 'HELD';
CREATE INDEX run_item_state_exceptional ON run_item_state (run_id, number) WHERE code IS NOT NULL OR state = 'HELD';

-- The report of recoveries goes through all accounts, so that it sees those whose recoveries could not be applied: nothing asks for this any more.
ALTER TABLE account_settlement DROP COLUMN has_recoveries;
