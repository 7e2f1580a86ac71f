ALTER TABLE connect_links ADD COLUMN further TEXT;
