ALTER TABLE "deployments" ADD COLUMN "frame_hosts" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
-- The pages of the last launch go on framing the tool.
UPDATE "deployments" SET "frame_hosts" = ARRAY["web_host"] WHERE "web_host" IS NOT NULL;
