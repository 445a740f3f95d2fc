-- Owned by BankDetailsChanges: who proposed and who approved where an account's money goes. Filled from the log by itself.
CREATE TABLE bank_details_change (
    id             text   NOT NULL, -- account
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    PRIMARY KEY (id, from_position)
);

-- Owned by SampleAudits. Filled from the log by itself.
CREATE TABLE sample_audit (
    id             text   NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    opened_on      text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'openedOn') STORED,
    PRIMARY KEY (id, from_position)
);
