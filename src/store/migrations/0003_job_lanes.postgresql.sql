-- Jobs with the same lane are done one after the other in the order of their ids. A job that is not the first of its lane
-- waits, with the greatest due_at that there is, for the one before it to be removed.
ALTER TABLE jobs ADD COLUMN lane TEXT COLLATE "C";
CREATE INDEX jobs_lane ON jobs (lane, id) WHERE lane IS NOT NULL;
