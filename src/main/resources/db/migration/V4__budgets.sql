-- Owned by BudgetRegister.
CREATE TABLE budget_register (
    id             text   NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    person_id      text   GENERATED ALWAYS AS (document -> 'request' ->> 'personId') STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX budget_register_person ON budget_register (person_id, id);

-- Whether an account has used a line, and when it first paid: a row for each payment dated before all that were known, and for the
-- first schedule (dated infinity).
CREATE TABLE budget_line_use (
    account_id text   NOT NULL,
    line_id    text   NOT NULL,
    paid_on    date   NOT NULL,
    position   bigint NOT NULL,
    PRIMARY KEY (account_id, line_id, paid_on)
);
