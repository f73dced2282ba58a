-- Lists of cards are in the order of their UUIDs, as those of ports are.
drop index ethernet_cards_project;
drop index ethernet_cards_name;
create index ethernet_cards_project on ethernet_cards (service, project_id, uuid) where not deleted;
create index ethernet_cards_name on ethernet_cards (name, project_id, uuid) where name is not null and not deleted;
