-- Owned by Journal: every money event as balanced lines.
CREATE TABLE journal_line (
    position       bigint  NOT NULL,
    line           integer NOT NULL, -- within its entry, from 1
    account_id     text    NOT NULL,
    occurred_on    date    NOT NULL,
    ledger_account text    NOT NULL COLLATE "C",
    pence          bigint  NOT NULL,
    source         text,             -- null where an entry is not split over sources
    line_id        text,
    PRIMARY KEY (position, line)
);
CREATE INDEX journal_line_account ON journal_line (account_id, occurred_on, position, line);

-- Owned by AccountBalances: what a year (Y), a month (M) or a day (D) of an account adds up to, by source, budget line and measure, as
-- at each position that changed it. Rows are only ever inserted, so a back-dated fact touches three totals, not a running balance.
CREATE TABLE account_balance (
    account_id text    NOT NULL COLLATE "C",
    span       "char"  NOT NULL,
    starts_on  date    NOT NULL,
    source     text    NOT NULL COLLATE "C",
    line_id    text    NOT NULL COLLATE "C", -- '' where the money belongs to no line
    measure    text    NOT NULL COLLATE "C",
    position   bigint  NOT NULL,
    total      bigint  NOT NULL,
    opens      boolean NOT NULL,             -- the first row of its span, source, line and measure
    PRIMARY KEY (account_id, span, starts_on, source, line_id, measure, position) INCLUDE (total)
);
-- which totals there are: a read finds them here, then probes the newest row of each
CREATE INDEX account_balance_opens ON account_balance (account_id, span, starts_on, source, line_id, measure, position)
 WHERE opens;

-- Owned by AccountTransactions, in business order.
CREATE TABLE account_transaction (
    account_id      text        NOT NULL,
    occurred_on     date        NOT NULL,
    position        bigint      NOT NULL,
    transaction_id  text        NOT NULL,
    kind            text        NOT NULL,
    recorded_at     timestamptz NOT NULL,
    recorded_by     text        NOT NULL,
    pence           bigint      NOT NULL, -- in is positive
    funding_sources text        NOT NULL, -- separated by commas
    payee           text,                 -- sealed
    category        text,                 -- as recorded; corrections are below
    mcc             text,
    reverses        text,
    PRIMARY KEY (account_id, occurred_on, position)
);
CREATE TABLE account_transaction_category (
    account_id     text   NOT NULL,
    transaction_id text   NOT NULL, -- an expenditure's
    position       bigint NOT NULL,
    category       text   NOT NULL,
    PRIMARY KEY (account_id, transaction_id, position)
);

-- Owned by AccountRegister. Days are compared as text: yyyy-MM-dd.
CREATE TABLE account_register (
    id              text   NOT NULL,
    from_position   bigint NOT NULL,
    until_position  bigint NOT NULL,
    document        jsonb  NOT NULL,
    person_id       text    GENERATED ALWAYS AS (document ->> 'personId') STORED,
    budget_id       text    GENERATED ALWAYS AS (document ->> 'budgetId') STORED,
    organisation_id text    GENERATED ALWAYS AS (document ->> 'organisationId') STORED,
    bank_token      text    GENERATED ALWAYS AS (document ->> 'bankToken') STORED,
    opened_on       text    COLLATE "C" GENERATED ALWAYS AS (document ->> 'openedOn') STORED,
    closed_on       text    COLLATE "C" GENERATED ALWAYS AS (document ->> 'closedOn') STORED,
    suspended       boolean GENERATED ALWAYS AS (jsonb_array_length(document -> 'suspensions') > 0) STORED, -- ever
    PRIMARY KEY (id, from_position)
);
CREATE INDEX account_register_person ON account_register (person_id, id);
CREATE INDEX account_register_budget ON account_register (budget_id, id);
CREATE INDEX account_register_organisation ON account_register (organisation_id, id) WHERE organisation_id IS NOT NULL;
CREATE INDEX account_register_bank_token ON account_register (bank_token) WHERE bank_token IS NOT NULL;
CREATE INDEX account_register_closed ON account_register (id) WHERE closed_on IS NOT NULL;
CREATE INDEX account_register_suspended ON account_register (id) WHERE suspended;

CREATE TABLE account_schedule (
    id             text   NOT NULL, -- account/schedule
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    account_id     text   GENERATED ALWAYS AS (document ->> 'accountId') STORED,
    agreed_on      text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'agreedOn') STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX account_schedule_account ON account_schedule (account_id, from_position);

-- What became of an instalment, and when; one without a row is scheduled.
CREATE TABLE account_instalment (
    account_id    text   NOT NULL,
    instalment_id text   NOT NULL,
    position      bigint NOT NULL,
    occurred_on   date   NOT NULL,
    state         text   NOT NULL,
    PRIMARY KEY (account_id, instalment_id, position)
);
