CREATE TABLE sso_trials (
  org_id TEXT NOT NULL,
  trial_id TEXT NOT NULL,
  principal TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_secret BYTEA NOT NULL,
  outcome TEXT,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, trial_id)
);
ALTER TABLE sign_in_requests ADD COLUMN trial_id TEXT;
ALTER TABLE organizations ADD COLUMN call_log_days BIGINT NOT NULL DEFAULT 90;
