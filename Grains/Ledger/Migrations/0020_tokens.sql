-- Tokens of the API, of which only a hash is kept. Owner: the token's grain.
create table tokens (
    id           {identity},
    uuid         {uuid} not null unique,
    name         text not null,
    hash         text not null,             -- SHA-256 of the whole token, in hexadecimal
    role         integer not null,          -- 1 reader, 2 member, 3 admin
    project_id   text,                      -- null only of an admin's
    expires_at   {time} not null,
    request_key  text,
    request_hash text,
    created_at   {time} not null default {now},
    updated_at   {time},
    deleted_at   {time},
    deleted      {flag} not null default {false}
);
create index tokens_project on tokens (project_id, id) where not deleted;
