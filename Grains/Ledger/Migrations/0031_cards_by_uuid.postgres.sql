-- Lists of cards are in the order of their UUIDs, as those of ports are: nothing needs the index of their numbers, which was one of
-- eleven that a hold writes to.
drop index ethernet_cards_project;
drop index ethernet_cards_name;
create index ethernet_cards_project on ethernet_cards (service, project_id, uuid) where not deleted;
create index ethernet_cards_name on ethernet_cards (name, project_id, uuid) where name is not null and not deleted;
alter table ethernet_cards drop constraint ethernet_cards_pkey, replica identity using index ethernet_cards_uuid_key;
