-- Indexes of lists, only for statements that name what those ask for. While tables are new, PostgreSQL takes any index of the right
-- condition for as cheap as the one that begins with the column in question, and does so until there are statistics: each statement
-- that named one card by its UUID went through the whole list of cards, and one that wanted a card's ports through that of all.
drop index ethernet_cards_project;
create index ethernet_cards_project on ethernet_cards (service, project_id, uuid) where not deleted and service is not null;
drop index fixed_ips_project;
create index fixed_ips_project on fixed_ips (project_id, network_uuid, vnic_id)
    where phase in (1, 2, 6) and not deleted and (project_id is not null or network_uuid is not null);
