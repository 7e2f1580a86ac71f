ALTER TABLE organizations ADD COLUMN debug_windows BIGINT NOT NULL DEFAULT 0;
CREATE TABLE debug_windows (
  org_id TEXT NOT NULL,
  window_id TEXT NOT NULL,
  plugin_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  redaction TEXT NOT NULL,
  minutes BIGINT NOT NULL,
  status TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  answered_at BIGINT,
  ends_at BIGINT,
  ended_at BIGINT,
  ended_by TEXT,
  PRIMARY KEY (org_id, window_id)
);
CREATE INDEX debug_windows_agreed ON debug_windows (org_id, status, ends_at);
