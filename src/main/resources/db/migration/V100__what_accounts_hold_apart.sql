-- Owned by FlagRegister: what an account holds, as far as flags know, stands apart from the facts of its person: all that is spent changes the one and hardly
-- ever the other. Pages are half full, so that a row is changed where it is. spend_facts also holds the last days on which money came, and what was spent before
-- them that was more than the account held; spend_item the amount that was recorded, and whether the council has decided what it was for. Flags follow other
-- rules. Derived again from the first event on.
TRUNCATE spend_flag, spend_facts, spend_item;
CREATE TABLE spend_balance (
    account_id text   PRIMARY KEY COLLATE "C",
    pence      bigint NOT NULL, -- of everything recorded so far, except what is ahead
    gone       bigint NOT NULL, -- of it since money came last
    gone_on    date   NOT NULL  -- the last day of that
) WITH (fillfactor = 50);
DELETE FROM token_entry WHERE processor_name = 'flag-register';
DELETE FROM parked_event WHERE processor = 'flag-register';
