DROP INDEX connections_by_account;
CREATE INDEX connections_by_account ON connections (org_id, account_id, connector_id);
