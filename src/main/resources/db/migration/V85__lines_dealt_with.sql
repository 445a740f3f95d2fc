-- runs beside earlier versions
-- Owned by StatementRegister: the lines of a statement that persons have dealt with, which its counts are told by.
CREATE INDEX statement_line_by_hand ON statement_line (statement_id) WHERE document -> 'byHand' = 'true'::jsonb;
