CREATE TABLE call_log_blocks (
  org_id TEXT NOT NULL,
  newest_id TEXT NOT NULL,
  oldest_id TEXT NOT NULL,
  oldest_at BIGINT NOT NULL,
  newest_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  entry_count BIGINT NOT NULL,
  errors BIGINT NOT NULL,
  warnings BIGINT NOT NULL,
  unanswered BIGINT NOT NULL,
  least_status BIGINT,
  most_status BIGINT,
  search_text TEXT NOT NULL,
  entries TEXT NOT NULL,
  PRIMARY KEY (org_id, newest_id)
);
CREATE INDEX call_log_blocks_by_expiry ON call_log_blocks (expires_at);
