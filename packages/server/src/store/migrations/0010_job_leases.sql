CREATE TABLE job_leases (
  org_id TEXT NOT NULL,
  job TEXT NOT NULL,
  holder TEXT NOT NULL,
  boot TEXT NOT NULL,
  deadline BIGINT NOT NULL,
  PRIMARY KEY (org_id, job)
);
