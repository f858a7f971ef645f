CREATE TABLE "excuse_files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"membership_id" uuid NOT NULL,
	"excuse_id" uuid,
	"object_key" text NOT NULL,
	"name" text,
	"media_type" text NOT NULL,
	"bytes" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"stored_at" timestamp with time zone,
	"discarded_at" timestamp with time zone,
	"removed_at" timestamp with time zone,
	CONSTRAINT "excuse_files_object" UNIQUE("object_key"),
	CONSTRAINT "excuse_files_bytes" CHECK (bytes > 0)
);
--> statement-breakpoint
CREATE TABLE "excuse_meetings" (
	"excuse_id" uuid NOT NULL,
	"meeting_id" uuid NOT NULL,
	"decision" text,
	"record_before" jsonb,
	"changed_record" boolean DEFAULT false NOT NULL,
	CONSTRAINT "excuse_meetings_excuse_id_meeting_id_pk" PRIMARY KEY("excuse_id","meeting_id")
);
--> statement-breakpoint
CREATE TABLE "excuses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"course_id" uuid NOT NULL,
	"membership_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"text" text,
	"from_day" text,
	"to_day" text,
	"state" text NOT NULL,
	"submitted_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"decided_at" timestamp with time zone,
	"decided_by" uuid,
	"decision_note" text,
	"text_erased_at" timestamp with time zone,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "excuses_days" CHECK ((from_day is null) = (to_day is null) and from_day <= to_day)
);
--> statement-breakpoint
CREATE TABLE "message_opt_outs" (
	"person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "message_opt_outs_person_id_kind_pk" PRIMARY KEY("person_id","kind")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"person_id" uuid NOT NULL,
	"course_id" uuid NOT NULL,
	"subject_id" uuid,
	"once_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"sent_at" timestamp with time zone,
	"dropped_at" timestamp with time zone,
	"drop_reason" text,
	CONSTRAINT "messages_once" UNIQUE("once_key")
);
--> statement-breakpoint
CREATE TABLE "retention_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"erased" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "deployments" ADD COLUMN "retention" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "excuse_files" ADD CONSTRAINT "excuse_files_membership_id_memberships_id_fk" FOREIGN KEY ("membership_id") REFERENCES "public"."memberships"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "excuse_files" ADD CONSTRAINT "excuse_files_excuse_id_excuses_id_fk" FOREIGN KEY ("excuse_id") REFERENCES "public"."excuses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "excuse_meetings" ADD CONSTRAINT "excuse_meetings_excuse_id_excuses_id_fk" FOREIGN KEY ("excuse_id") REFERENCES "public"."excuses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "excuse_meetings" ADD CONSTRAINT "excuse_meetings_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "excuses" ADD CONSTRAINT "excuses_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "excuses" ADD CONSTRAINT "excuses_membership_id_memberships_id_fk" FOREIGN KEY ("membership_id") REFERENCES "public"."memberships"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "excuses" ADD CONSTRAINT "excuses_decided_by_people_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_opt_outs" ADD CONSTRAINT "message_opt_outs_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "excuse_files_excuse" ON "excuse_files" USING btree ("excuse_id");--> statement-breakpoint
CREATE INDEX "excuse_files_member" ON "excuse_files" USING btree ("membership_id");--> statement-breakpoint
CREATE INDEX "excuse_files_unsettled" ON "excuse_files" USING btree ("created_at") WHERE removed_at is null and (excuse_id is null or stored_at is null or discarded_at is not null);--> statement-breakpoint
CREATE INDEX "excuse_meetings_meeting" ON "excuse_meetings" USING btree ("meeting_id");--> statement-breakpoint
CREATE INDEX "excuses_course" ON "excuses" USING btree ("course_id","submitted_at");--> statement-breakpoint
CREATE INDEX "excuses_member" ON "excuses" USING btree ("membership_id");--> statement-breakpoint
CREATE INDEX "excuses_open" ON "excuses" USING btree ("course_id") WHERE state = 'submitted';--> statement-breakpoint
CREATE INDEX "messages_waiting" ON "messages" USING btree ("due_at") WHERE sent_at is null and dropped_at is null;--> statement-breakpoint
CREATE INDEX "messages_person" ON "messages" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "retention_runs_started" ON "retention_runs" USING btree ("started_at");--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "evidence_erased_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "check_ins_stray" ON "check_ins" USING btree ("course_id","confirmed_at") WHERE meeting_id is null and (browser_hash is not null or network_hash is not null);--> statement-breakpoint
CREATE INDEX "devices_ended" ON "devices" USING btree (coalesce("revoked_at", "expires_at")) WHERE key_hash <> '';--> statement-breakpoint
CREATE INDEX "excuse_files_kept" ON "excuse_files" USING btree ("excuse_id") WHERE discarded_at is null and excuse_id is not null;--> statement-breakpoint
CREATE INDEX "excuses_with_text" ON "excuses" USING btree ("course_id",coalesce("decided_at", "withdrawn_at", "submitted_at")) WHERE text_erased_at is null;--> statement-breakpoint
CREATE INDEX "meetings_evidence" ON "meetings" USING btree ("course_id","ends_at") WHERE evidence_erased_at is null or evidence_erased_at < ends_at;--> statement-breakpoint
CREATE INDEX "messages_settled" ON "messages" USING btree ("course_id","created_at") WHERE (sent_at is not null or dropped_at is not null) and kind <> 'rate-below';--> statement-breakpoint
CREATE INDEX "people_known_since" ON "people" USING btree ("created_at") WHERE erased_at is null and merged_into is null;