-- Owned by StatementSources: what was read of statement files, line by line, each sealed under the key of the person whose account it
-- names, so that erasing a person erases their lines. No projection: it cannot be built again from the log.
CREATE TABLE statement_line_source (
    statement_id text    NOT NULL,
    line_no      integer NOT NULL,
    subject      text,             -- whose key sealed it; null where nothing was kept
    account_id   text,
    repeated     boolean NOT NULL,
    code         text,             -- why it cannot be recorded, known before anything is
    words        text,
    sealed       text,
    PRIMARY KEY (statement_id, line_no)
);

-- Owned by StatementRegister.
CREATE TABLE statement_register (
    id             text   NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    sha256         text   GENERATED ALWAYS AS (document ->> 'sha256') STORED,
    state          text   GENERATED ALWAYS AS (document ->> 'state') STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX statement_register_sha256 ON statement_register (sha256);
CREATE INDEX statement_register_unfinished ON statement_register (id) WHERE state = 'UNFINISHED';

CREATE TABLE statement_line (
    id             text   NOT NULL COLLATE "C", -- statement/line, in the order of the file
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    statement_id   text   GENERATED ALWAYS AS (document ->> 'statementId') STORED,
    account_id     text   GENERATED ALWAYS AS (document ->> 'accountId') STORED,
    kind           text   GENERATED ALWAYS AS (document ->> 'kind') STORED,
    state          text   GENERATED ALWAYS AS (document ->> 'state') STORED, -- null of a rejected line
    ref_hash       bigint GENERATED ALWAYS AS ((document ->> 'refHash')::bigint) STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX statement_line_statement ON statement_line (statement_id, state, id);
CREATE INDEX statement_line_reference ON statement_line (account_id, ref_hash);
CREATE INDEX statement_line_loads ON statement_line (account_id) WHERE kind = 'LOAD' AND state = 'MATCHED';
CREATE INDEX statement_line_unmatched ON statement_line (account_id, id) WHERE state = 'UNMATCHED';

-- Owned by MatchCandidates: what a line of a statement may turn out to be the bank's side of.
CREATE TABLE match_payment (
    account_id  text   NOT NULL,
    payment_id  text   NOT NULL,
    pence       bigint NOT NULL, -- net
    occurred_on date   NOT NULL,
    position    bigint NOT NULL,
    PRIMARY KEY (account_id, payment_id)
);
CREATE INDEX match_payment_amount ON match_payment (account_id, pence, occurred_on);
CREATE TABLE match_payment_return (
    account_id text   NOT NULL,
    payment_id text   NOT NULL,
    position   bigint NOT NULL,
    PRIMARY KEY (account_id, payment_id)
);
CREATE TABLE match_expenditure (
    account_id     text   NOT NULL,
    expenditure_id text   NOT NULL,
    payee_key      text   NOT NULL,
    pence          bigint NOT NULL,
    occurred_on    date   NOT NULL,
    position       bigint NOT NULL,
    PRIMARY KEY (account_id, expenditure_id)
);
CREATE INDEX match_expenditure_payee ON match_expenditure (account_id, payee_key, occurred_on);
CREATE TABLE match_correction (
    position       bigint PRIMARY KEY,
    account_id     text   NOT NULL,
    correction_id  text   NOT NULL, -- a refund's or reversal's
    expenditure_id text   NOT NULL,
    pence          bigint NOT NULL
);
CREATE INDEX match_correction_id ON match_correction (account_id, correction_id);
CREATE INDEX match_correction_of ON match_correction (account_id, expenditure_id);
