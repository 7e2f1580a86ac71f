ALTER TABLE connector_versions ADD COLUMN secrets BYTEA;
ALTER TABLE connector_versions ADD COLUMN secrets_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connector_versions ADD COLUMN secrets_at BIGINT;
ALTER TABLE connector_versions ADD COLUMN secret_names TEXT NOT NULL DEFAULT '[]';
ALTER TABLE connections ADD COLUMN variables TEXT NOT NULL DEFAULT '{}';
ALTER TABLE connections ADD COLUMN extra_tokens BYTEA;
ALTER TABLE connections ADD COLUMN extra_tokens_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN account_id TEXT;
ALTER TABLE connections ADD COLUMN account_icon TEXT;
ALTER TABLE connections ADD COLUMN refresh_expires_at BIGINT;
ALTER TABLE connections ADD COLUMN granted_base_hosts TEXT NOT NULL DEFAULT '[]';
CREATE INDEX connections_by_account ON connections (org_id, connector_id, account_id);
ALTER TABLE authorization_requests ADD COLUMN variables TEXT NOT NULL DEFAULT '{}';
ALTER TABLE revocations ADD COLUMN step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE revocations ADD COLUMN variables TEXT;
CREATE TABLE parked_grants (
  org_id TEXT NOT NULL,
  parked_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  connector_version BIGINT NOT NULL,
  sealed BYTEA,
  question TEXT NOT NULL,
  return_to TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, parked_id)
);
CREATE INDEX parked_grants_due ON parked_grants (expires_at);
CREATE TABLE connector_icons (
  org_id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes BYTEA NOT NULL,
  hash TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, connector_id)
);
