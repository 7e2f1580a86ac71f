ALTER TABLE connections ADD COLUMN dismissed_generation BIGINT;
