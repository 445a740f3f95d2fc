-- Where the log is kept: PostgreSQL itself, or Axon Server, of which event_log is then the copy. A node that is started for the other home
-- would write past the log, and is refused. The first that is started decides.
ALTER TABLE event_log_head ADD COLUMN home text;
UPDATE event_log_head SET home = 'PostgreSQL' WHERE position > 0;
