-- Owned by FlagRegister: what an account holds, as far as flags know, stands apart from the facts of its person: all that is spent changes the one and hardly
-- ever the other. Pages are half full, so that a row is changed where it is. Derived again from the first event on.
TRUNCATE spend_flag, spend_facts, spend_item;
CREATE TABLE spend_balance (
    account_id text   PRIMARY KEY COLLATE "C",
    pence      bigint NOT NULL -- of everything recorded so far, except what is ahead
) WITH (fillfactor = 50);
DELETE FROM token_entry WHERE processor_name = 'flag-register';
DELETE FROM parked_event WHERE processor = 'flag-register';
