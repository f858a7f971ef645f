CREATE TABLE "check_in_reviews" (
	"check_in_id" uuid PRIMARY KEY NOT NULL,
	"decision" text NOT NULL,
	"decided_by" uuid NOT NULL,
	"decided_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "personal_codes" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"sealed_token" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "personal_codes_token" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "spot_check_picks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"spot_check_id" uuid NOT NULL,
	"membership_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"is_there" boolean,
	CONSTRAINT "spot_check_picks_member" UNIQUE("spot_check_id","membership_id")
);
--> statement-breakpoint
CREATE TABLE "spot_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"meeting_id" uuid NOT NULL,
	"started_by" uuid NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"checked_in" integer NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "check_in_windows" ALTER COLUMN "step_seconds" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "attendance_records" ADD COLUMN "sight_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "check_in_windows" ADD COLUMN "opens_at" timestamp with time zone;--> statement-breakpoint
UPDATE "check_in_windows" SET "opens_at" = "opened_at";--> statement-breakpoint
ALTER TABLE "check_in_windows" ALTER COLUMN "opens_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "check_in_windows" ADD COLUMN "follows_meeting" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "check_ins" ADD COLUMN "direction" text DEFAULT 'in' NOT NULL;--> statement-breakpoint
ALTER TABLE "check_ins" ADD COLUMN "helper_person_id" uuid;--> statement-breakpoint
ALTER TABLE "check_ins" ADD COLUMN "scan_browser_hash" text;--> statement-breakpoint
ALTER TABLE "check_ins" ADD COLUMN "browser_hash" text;--> statement-breakpoint
ALTER TABLE "check_ins" ADD COLUMN "is_network_allowed" boolean;--> statement-breakpoint
ALTER TABLE "check_ins" ADD COLUMN "distance_meters" integer;--> statement-breakpoint
ALTER TABLE "courses" ADD COLUMN "term_ends_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "next_key_hash" text;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "renewed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "extra_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "check_in_reviews" ADD CONSTRAINT "check_in_reviews_check_in_id_check_ins_id_fk" FOREIGN KEY ("check_in_id") REFERENCES "public"."check_ins"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "check_in_reviews" ADD CONSTRAINT "check_in_reviews_decided_by_people_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "personal_codes" ADD CONSTRAINT "personal_codes_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spot_check_picks" ADD CONSTRAINT "spot_check_picks_spot_check_id_spot_checks_id_fk" FOREIGN KEY ("spot_check_id") REFERENCES "public"."spot_checks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spot_check_picks" ADD CONSTRAINT "spot_check_picks_membership_id_memberships_id_fk" FOREIGN KEY ("membership_id") REFERENCES "public"."memberships"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spot_checks" ADD CONSTRAINT "spot_checks_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spot_checks" ADD CONSTRAINT "spot_checks_started_by_people_id_fk" FOREIGN KEY ("started_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "spot_checks_meeting" ON "spot_checks" USING btree ("meeting_id","started_at");--> statement-breakpoint
ALTER TABLE "check_ins" ADD CONSTRAINT "check_ins_helper_person_id_people_id_fk" FOREIGN KEY ("helper_person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "devices_next_key_platform" ON "devices" USING btree ("next_key_hash","platform_id") WHERE revoked_at is null;--> statement-breakpoint
ALTER TABLE "check_in_windows" ADD CONSTRAINT "check_in_windows_step" CHECK (step_seconds between 5 and 60);--> statement-breakpoint
ALTER TABLE "check_in_windows" ADD CONSTRAINT "check_in_windows_order" CHECK (opens_at <= closes_at);--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_extra_minutes" CHECK (extra_minutes between 0 and 15);--> statement-breakpoint
DROP INDEX "check_ins_meeting";--> statement-breakpoint
CREATE INDEX "check_ins_meeting_member" ON "check_ins" USING btree ("meeting_id","membership_id");--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "lone_check_outs" integer DEFAULT 0 NOT NULL;