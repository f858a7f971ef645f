CREATE TABLE "audit_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"sealed_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"course_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"key_id" uuid NOT NULL,
	"event_count" integer NOT NULL,
	"mac" text NOT NULL,
	"sealed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "audit_seals_course_number" UNIQUE("course_id","number")
);
--> statement-breakpoint
CREATE TABLE "calendar_feeds" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"sealed_token" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "calendar_feeds_token" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "meeting_series" (
	"id" uuid PRIMARY KEY NOT NULL,
	"course_id" uuid NOT NULL,
	"rule" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person_conflicts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"other_person_id" uuid NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	"resolution" text,
	CONSTRAINT "person_conflicts_pair" UNIQUE("person_id","other_person_id"),
	CONSTRAINT "person_conflicts_two" CHECK (person_id <> other_person_id)
);
--> statement-breakpoint
CREATE TABLE "roster_syncs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"course_id" uuid NOT NULL,
	"asked_by" text NOT NULL,
	"source" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"problem" text,
	"problem_status" integer,
	"pages" integer DEFAULT 0 NOT NULL,
	"listed" integer DEFAULT 0 NOT NULL,
	"kept" integer DEFAULT 0 NOT NULL,
	"joined" integer DEFAULT 0 NOT NULL,
	"departed" integer DEFAULT 0 NOT NULL,
	"missing" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "attendance_records" ADD COLUMN "is_open" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "attendance_records" ADD COLUMN "replaces_meeting_id" uuid;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "salt" text;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "commitment" text;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "seal_id" uuid;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "seal_position" integer;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "courses" ADD COLUMN "platform_state" text;--> statement-breakpoint
ALTER TABLE "courses" ADD COLUMN "departures_held" text;--> statement-breakpoint
ALTER TABLE "courses" ADD COLUMN "policy" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "courses" ADD COLUMN "policy_revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "deployments" ADD COLUMN "policy" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "breaks" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "kind" text DEFAULT 'regular' NOT NULL;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "online_url" text;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "online_platform" text;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "description" text;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "is_mandatory" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "section_ids" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "series_id" uuid;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "import_key" text;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "membership_spans" ADD COLUMN "source" text DEFAULT 'platform' NOT NULL;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "listed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "listed_by" text;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "listed_in_sync" uuid;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "missing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_key_id_audit_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."audit_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_series" ADD CONSTRAINT "meeting_series_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_conflicts" ADD CONSTRAINT "person_conflicts_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_conflicts" ADD CONSTRAINT "person_conflicts_other_person_id_people_id_fk" FOREIGN KEY ("other_person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_syncs" ADD CONSTRAINT "roster_syncs_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "meeting_series_course" ON "meeting_series" USING btree ("course_id");--> statement-breakpoint
CREATE INDEX "person_conflicts_other" ON "person_conflicts" USING btree ("other_person_id");--> statement-breakpoint
CREATE INDEX "roster_syncs_course" ON "roster_syncs" USING btree ("course_id","started_at");--> statement-breakpoint
ALTER TABLE "attendance_records" ADD CONSTRAINT "attendance_records_replaces_meeting_id_meetings_id_fk" FOREIGN KEY ("replaces_meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_seal_id_audit_seals_id_fk" FOREIGN KEY ("seal_id") REFERENCES "public"."audit_seals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_series_id_meeting_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."meeting_series"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "people" ADD CONSTRAINT "people_merged_into_people_id_fk" FOREIGN KEY ("merged_into") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "attendance_records_replaces" ON "attendance_records" USING btree ("membership_id","replaces_meeting_id") WHERE replaces_meeting_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_actor" ON "audit_events" USING btree ("actor_person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_events_seal" ON "audit_events" USING btree ("seal_id","seal_position");--> statement-breakpoint
CREATE INDEX "audit_events_unsealed" ON "audit_events" USING btree ("course_id") WHERE seal_id is null;--> statement-breakpoint
CREATE INDEX "meetings_series" ON "meetings" USING btree ("series_id");--> statement-breakpoint
CREATE UNIQUE INDEX "meetings_import" ON "meetings" USING btree ("course_id","import_key") WHERE import_key is not null;--> statement-breakpoint
CREATE INDEX "attendance_records_replaced" ON "attendance_records" USING btree ("replaces_meeting_id") WHERE replaces_meeting_id is not null;--> statement-breakpoint
CREATE INDEX "check_ins_window" ON "check_ins" USING btree ("window_id");--> statement-breakpoint
CREATE INDEX "people_merged" ON "people" USING btree ("merged_into") WHERE merged_into is not null;--> statement-breakpoint
ALTER TABLE "membership_spans" ADD CONSTRAINT "membership_spans_order" CHECK (starts_at is null or ends_at is null or starts_at <= ends_at);--> statement-breakpoint
UPDATE "record_spans" s SET "from_at" = seen.at
FROM "attendance_records" r, (
	SELECT c.meeting_id, c.membership_id, min(c.scanned_at) AS at FROM "check_ins" c
	WHERE c.outcome <> 'wrong-code' AND c.meeting_id IS NOT NULL GROUP BY c.meeting_id, c.membership_id
) seen
WHERE s.id = r.id AND r.source = 'check-in' AND seen.meeting_id = r.meeting_id AND seen.membership_id = r.membership_id;--> statement-breakpoint
DELETE FROM "record_spans" s USING "attendance_records" r
WHERE s.record_id = r.id AND r.source = 'teacher' AND r.status = 'present';
