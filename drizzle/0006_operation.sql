DROP INDEX "meetings_course_start";--> statement-breakpoint
CREATE INDEX "meetings_course_start" ON "meetings" USING btree ("course_id","starts_at","id");