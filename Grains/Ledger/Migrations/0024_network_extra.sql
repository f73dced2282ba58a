-- Owner: the networks' own. What a network service that is not of the core asks for its networks, and keeps with them.
alter table networks add column isolated {flag} not null default {false};
alter table networks add column tells_members {flag} not null default {false};
alter table networks add column extra text;
