-- runs beside earlier versions
-- Hash of the request that asked for it: the same idempotency key with another body is refused. Null in what was asked for before.
ALTER TABLE audit_verification ADD COLUMN request_hash text;
