-- Owned by FlagRegister. What detection knows of a person, and each expenditure as it stands: the newest only, for no reader asks for them.
CREATE TABLE spend_facts (
    id       text  PRIMARY KEY, -- the person's
    document jsonb NOT NULL
);
CREATE TABLE spend_item (
    id         text  PRIMARY KEY, -- account/expenditure
    document   jsonb NOT NULL,
    account_id text  GENERATED ALWAYS AS (document ->> 'accountId') STORED,
    person_id  text  GENERATED ALWAYS AS (document ->> 'personId') STORED,
    on_day     text  COLLATE "C" GENERATED ALWAYS AS (document ->> 'on') STORED
);
CREATE INDEX spend_item_day ON spend_item (account_id, on_day);
CREATE INDEX spend_item_person ON spend_item (person_id);

-- Every flag and each earlier version of it.
CREATE TABLE spend_flag (
    id             text    NOT NULL COLLATE "C",
    from_position  bigint  NOT NULL,
    until_position bigint  NOT NULL,
    document       jsonb   NOT NULL,
    person_id      text    GENERATED ALWAYS AS (document ->> 'personId') STORED,
    account_id     text    GENERATED ALWAYS AS (document -> 'finding' ->> 'accountId') STORED,
    transaction_id text    GENERATED ALWAYS AS (document -> 'finding' ->> 'transactionId') STORED,
    reason         text    GENERATED ALWAYS AS (document -> 'finding' ->> 'reason') STORED,
    prohibited     boolean GENERATED ALWAYS AS (document -> 'finding' ->> 'decision' = 'PROHIBITED') STORED,
    on_day         text    COLLATE "C" GENERATED ALWAYS AS (document -> 'finding' ->> 'on') STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX spend_flag_account ON spend_flag (account_id, transaction_id);
CREATE INDEX spend_flag_person ON spend_flag (person_id);
CREATE INDEX spend_flag_reason ON spend_flag (reason, id);
