-- Owned by Payables: what could be paid, to whom, and which run has taken it. Only its present state: a run records what it found.
CREATE TABLE payables_instalment (
    account_id    text    NOT NULL COLLATE "C",
    instalment_id text    NOT NULL COLLATE "C",
    line_id       text    NOT NULL,
    pay_on        date    NOT NULL,
    counts_on     date    NOT NULL, -- the day whose allocation it uses
    pence         bigint  NOT NULL,
    contribution  bigint  NOT NULL,
    paid          boolean NOT NULL DEFAULT false,
    PRIMARY KEY (account_id, instalment_id)
);
CREATE INDEX payables_instalment_due ON payables_instalment (account_id, pay_on, instalment_id) WHERE NOT paid;

CREATE TABLE payables_line (
    account_id text    NOT NULL COLLATE "C",
    line_id    text    NOT NULL COLLATE "C",
    pence      bigint  NOT NULL, -- gross, less returns, since the line came to the account
    payments   integer NOT NULL, -- ever issued
    PRIMARY KEY (account_id, line_id)
);

CREATE TABLE payables_account (
    id             text   NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    PRIMARY KEY (id, from_position)
);

-- The name that a budget's money, or an organisation's, is paid to.
CREATE TABLE payables_payee (
    id             text   NOT NULL, -- budget/id or organisation/id
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    PRIMARY KEY (id, from_position)
);

-- An instalment that a run has taken and that has been neither issued nor given up.
CREATE TABLE payables_claim (
    account_id    text    NOT NULL COLLATE "C",
    instalment_id text    NOT NULL COLLATE "C",
    run_id        text    NOT NULL COLLATE "C",
    number        integer NOT NULL, -- in the run
    held          boolean NOT NULL,
    PRIMARY KEY (account_id, instalment_id, run_id)
);
CREATE INDEX payables_claim_run ON payables_claim (run_id, number);

-- Owned by RunRegister.
CREATE TABLE run_register (
    id             text   NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    PRIMARY KEY (id, from_position)
);
CREATE TABLE run_item (
    run_id        text    NOT NULL COLLATE "C",
    number        integer NOT NULL, -- from 1, in the run
    position      bigint  NOT NULL,
    account_id    text    NOT NULL COLLATE "C",
    person_id     text    NOT NULL,
    line_id       text    NOT NULL,
    instalment_id text    NOT NULL COLLATE "C",
    end_to_end_id text    NOT NULL,
    pay_on        date    NOT NULL,
    pence         bigint  NOT NULL, -- gross
    contribution  bigint  NOT NULL,
    net           bigint  NOT NULL,
    pay_to        text,             -- sealed
    remarks       text    NOT NULL, -- separated by commas
    state         text    NOT NULL, -- in the beginning
    PRIMARY KEY (run_id, number)
);
CREATE INDEX run_item_instalment ON run_item (run_id, instalment_id);
CREATE INDEX run_item_account ON run_item (account_id, instalment_id);

-- What became of an item: the newest row holds.
CREATE TABLE run_item_state (
    run_id   text    NOT NULL COLLATE "C",
    number   integer NOT NULL,
    position bigint  NOT NULL,
    state    text    NOT NULL,
    code     text,             -- with which its account or the bank refused it
    reason   text,             -- sealed: why a person held it
    PRIMARY KEY (run_id, number, position)
);
