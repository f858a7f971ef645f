-- The log of changes by years, forward only: what there is becomes the first part, later years get their own.
-- docs/scaling.md says when. tests/scale/scale.test.ts runs these statements, one after another, and the whole tool after
-- them. As the owner of the tables, with psql (not in one transaction); 2027-01-01 is a day that still lies ahead. Stop the
-- tool for the second half.

-- While the tool works: what the first part will have to prove. They read all that there is, and lock nobody out for long.
alter table audit_events add constraint audit_events_first_at check (at < '2027-01-01 00:00:00+00') not valid;
alter table audit_events validate constraint audit_events_first_at;
-- The key of a table in parts holds what it is parted by.
create unique index concurrently audit_events_first_key on audit_events (id, at);

-- With the tool stopped: a matter of moments, because nothing is read.
alter table audit_events drop constraint audit_events_pkey;
alter table audit_events alter column at set not null;
alter table audit_events add constraint audit_events_first_key primary key using index audit_events_first_key;
alter table audit_events rename to audit_events_first;
alter index audit_events_course rename to audit_events_first_course;
alter index audit_events_subject rename to audit_events_first_subject;
alter index audit_events_actor rename to audit_events_first_actor;
alter index audit_events_seal rename to audit_events_first_seal;
alter index audit_events_unsealed rename to audit_events_first_unsealed;

create table audit_events (like audit_events_first including defaults) partition by range (at);
alter table audit_events add constraint audit_events_pkey primary key (id, at);
alter table audit_events add foreign key (course_id) references courses (id);
alter table audit_events add foreign key (actor_person_id) references people (id);
alter table audit_events add foreign key (seal_id) references audit_seals (id);
create index audit_events_course on audit_events (course_id, at);
create index audit_events_subject on audit_events (subject_id, at);
create index audit_events_actor on audit_events (actor_person_id);
create index audit_events_unsealed on audit_events (course_id) where seal_id is null;
-- Each part takes the indexes that it has already.
alter table audit_events attach partition audit_events_first for values from (minvalue) to ('2027-01-01 00:00:00+00');

-- Every year, before it begins. The place within a seal is unique within a part.
create table audit_events_2027 partition of audit_events
  for values from ('2027-01-01 00:00:00+00') to ('2028-01-01 00:00:00+00');
create unique index audit_events_2027_seal on audit_events_2027 (seal_id, seal_position);
