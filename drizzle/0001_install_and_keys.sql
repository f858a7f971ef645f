CREATE TABLE "registration_invites" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"platform_id" uuid,
	CONSTRAINT "registration_invites_token" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "deployments" ADD COLUMN "approved_at" timestamp with time zone;--> statement-breakpoint
-- Until now an operator had entered every deployment by hand.
UPDATE "deployments" SET "approved_at" = "created_at";--> statement-breakpoint
ALTER TABLE "tool_keys" ADD COLUMN "signs_from" timestamp with time zone;--> statement-breakpoint
UPDATE "tool_keys" SET "signs_from" = "created_at";--> statement-breakpoint
ALTER TABLE "tool_keys" ALTER COLUMN "signs_from" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "registration_invites" ADD CONSTRAINT "registration_invites_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE no action ON UPDATE no action;