-- Owner: the host grain (fence: hosts.version). What the host was told beside its bindings: the newest record of each key, so that
-- bindings and facts together are the host's log, compacted. A record without fact takes it back, and goes once that is reported.
create table host_facts (
    host       text not null,
    fact_key   text not null,
    revision   bigint not null,
    record     text not null,                       -- what the host is told, as the wire has it
    is_gone    {flag} not null,
    created_at {time} not null default {now},
    updated_at {time},
    primary key (host, fact_key)
);
create unique index host_facts_revision on host_facts (host, revision);

-- All that a host is told is read from the cards that are on it.
create index ethernet_cards_host on ethernet_cards (host) where host is not null and not deleted;
