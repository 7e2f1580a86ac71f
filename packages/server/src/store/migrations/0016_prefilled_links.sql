ALTER TABLE connect_links ADD COLUMN variables TEXT;
