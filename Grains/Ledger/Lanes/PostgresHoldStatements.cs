namespace NovaOrleans.Ledger;

/// <summary>
/// One statement for a whole batch, in which each operation has its own outcome: what comes back was done, what does
/// not was refused and has disturbed nobody (docs/decisions/0004-one-statement-many-outcomes.md). The share lock on the
/// pools' rows makes a newer activation's epoch wait for the batch, and a batch of an older one come back empty. Locks
/// are taken in the order of the networks' ids, so that two silos cannot wait for each other.
/// <para>
/// <c>(x in (select …)) is true</c> and not a join: it is one hash table, where the planner, which takes every array
/// for ten rows, would compare each row of a batch with each (256 holds took 22 ms so, and 9 ms with the hash).
/// </para>
/// <para>
/// A project with a quota of fixed IPs is left out, unless the message has locked its quota before: then what it has is counted once
/// for the batch, and as many of its operations are done as there is room for (docs/decisions/0066-a-batch-is-counted-once.md).
/// </para>
/// </summary>
internal static class PostgresHoldStatements
{
    /// <param name="conflicts">Whether some may conflict, or some are ports without a card.</param>
    /// <param name="counted">Whether some are of a project whose quota is locked.</param>
    public static string Hold(bool conflicts, bool counted) => (conflicts, counted) switch
    {
        (false, false) => Live + Cards,
        (false, true) => Counted + Cards,
        (true, false) => Live + Wary,
        (true, true) => Counted + Wary,
    };

    private const string Open =
        """
        from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[],
                $8::text[], $9::text[], $10::text[], $11::uuid[], $12::text[], $13::text[], $14::text[]) with ordinality
            as t(network, epoch, port, project, actor, address, position, address_v6, request_key, request_hash,
                card, service, mac, name, n)),
        ok as materialized (
            select network_uuid, epoch from pools where network_uuid = any($1) and open order by 1 for share),
        """;

    /// <summary>Those of $15 that have a limit; asked by name, since a cloud may have thousands with one.</summary>
    private const string Limited =
        "select project_id from quotas where project_id = any($15) and resource = 'fixed_ips' and hard_limit >= 0";

    private const string Live =
        $"""
        with op as materialized (
            select * {Open}
        live as materialized (
            select op.* from op join ok on ok.network_uuid = op.network and ok.epoch = op.epoch
            where (project in ({Limited})) is not true),

        """;

    /// <summary>
    /// Where the projects of $16 are locked, and $15 are the others; $17 is the limit of those that have none of their own. $18 is the
    /// number of each operation's last neighbour of those that are all or none: there is room for it where there is for that one.
    /// </summary>
    private const string Counted =
        $"""
        with op as materialized (
            select t.*, row_number() over (partition by project order by n) + ($18::bigint[])[n] - n as turn {Open}
        room as materialized (
            select q.project_id, coalesce(q.hard_limit, $17) - (
                select count(*) from fixed_ips f
                where f.project_id = q.project_id and f.phase in (1, 2, 6) and not f.deleted) as room
            from quotas q
            where q.project_id = any($16) and q.resource = 'fixed_ips' and coalesce(q.hard_limit, $17) >= 0),
        live as materialized (
            select op.* from op join ok on ok.network_uuid = op.network and ok.epoch = op.epoch
            left join room on room.project_id = op.project
            where case when op.project = any($16) then op.turn <= coalesce(room.room, op.turn)
                else (op.project in ({Limited})) is not true end),

        """;

    /// <summary>
    /// Of cards alone, where nothing is expected to conflict: a conflict is an error of the whole statement, and the batch then goes
    /// again with <see cref="Wary"/>. To look for conflicts before each row is inserted, and to insert it provisionally, was a third of
    /// what a hold cost PostgreSQL.
    /// </summary>
    private const string Cards =
        """
        card as (
            insert into ethernet_cards (uuid, service, project_id, mac_address, name, request_key, request_hash)
            select card, service, project, mac, name, request_key, request_hash from live
            returning id, uuid, created_at),
        carded as (
            insert into fixed_ips (uuid, network_uuid, address, position, address_v6, phase, vnic_id, project_id)
            select port, network, address, position, address_v6, 2, card, project from live),
        told as (
            insert into history (actor, what, network_uuid, vnic_id, address, generation)
            select actor, 'address held', network, card, coalesce(address, address_v6), 0 from live)
        select uuid, id, created_at from card
        """;

    /// <summary>
    /// A card whose address conflicts is an error of the whole statement: it can only mean that a pool's memory is not
    /// what its rows say, and the batch is then tried again one by one.
    /// </summary>
    private const string Wary =
        """
        card as (
            insert into ethernet_cards (uuid, service, project_id, mac_address, name, request_key, request_hash)
            select card, service, project, mac, name, request_key, request_hash from live where card is not null
            on conflict do nothing returning id, uuid, created_at),
        alone as (
            insert into fixed_ips (
                uuid, network_uuid, address, position, address_v6, phase, project_id, request_key, request_hash)
            select port, network, address, position, address_v6, 1, project, request_key, request_hash
            from live where card is null
            on conflict do nothing returning id, uuid, created_at),
        carded as (
            insert into fixed_ips (uuid, network_uuid, address, position, address_v6, phase, vnic_id, project_id)
            select port, network, address, position, address_v6, 2, card, project from live
            where (card in (select uuid from card)) is true),
        told as (
            insert into history (actor, what, network_uuid, vnic_id, address, generation)
            select actor, case when card is null then 'port allocated' else 'address held' end, network, card,
                coalesce(address, address_v6), 0
            from live where (card in (select uuid from card) or port in (select uuid from alone)) is true)
        select uuid, id, created_at from card
        union all
        select uuid, id, created_at from alone
        """;

    /// <summary>
    /// Goes before a hold that counts, so that it sees whatever was added under the same lock before. A project that has only the limit
    /// of all gets a row to lock.
    /// </summary>
    public const string LockQuotas =
        """
        insert into quotas (project_id, resource) select p, 'fixed_ips' from unnest($1::text[]) p order by p
        on conflict (project_id, resource) do update set hard_limit = quotas.hard_limit returning 1
        """;

    /// <summary>
    /// Goes before <see cref="Free"/> in its transaction: what follows must see every port that was plugged before the
    /// card was locked, and one statement sees no more than there was when it began.
    /// </summary>
    public const string LockCards = "select 1 from ethernet_cards where uuid = any($1) order by uuid for update";

    public const string Free =
        """
        with op as materialized (
            select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[]) with ordinality
            as t(network, epoch, card, version, actor, n)),
        ok as materialized (
            select network_uuid, epoch from pools where network_uuid = any($1) order by 1 for share),
        live as materialized (
            select op.* from op join ok on ok.network_uuid = op.network and ok.epoch = op.epoch),
        card as (
            update ethernet_cards c
            set deleted = true, deleted_at = now(), updated_at = now(), version = c.version + 1
            from live
            where c.uuid = live.card and c.version = live.version and not c.deleted and c.instance_id is null
                and not exists (select from fixed_ips f
                    where f.vnic_id = c.uuid and f.network_uuid <> live.network and not f.deleted)
            returning live.n, live.network, live.actor, c.uuid, c.generation),
        rest as materialized (
            select card.*, case when card.generation > 0 then coalesce(w.quarantine_seconds, 0) else 0 end as seconds
            from card left join networks w on w.uuid = card.network),
        port as (
            update fixed_ips f set
                phase = case when rests then 3 else f.phase end,
                vnic_id = case when rests then null else f.vnic_id end,
                quarantined_until = case when rests then now() + rest.seconds * interval '1 second' end,
                deleted = not rests,
                deleted_at = case when rests then null else now() end,
                updated_at = now()
            from (select rest.*, rest.seconds > 0 as rests from rest) rest
            where f.vnic_id = rest.uuid and f.network_uuid = rest.network and not f.deleted
            returning rest.*, f.position, f.address, f.address_v6, f.quarantined_until as until),
        bare as materialized (
            select * from rest where (n in (select n from port)) is not true),
        told as (
            insert into history (actor, what, network_uuid, vnic_id, address, generation)
            select actor, 'address released', network, uuid, coalesce(address, address_v6), generation from port
            union all
            select actor, 'card deleted', network, uuid, null, generation from bare)
        select n, true as freed, position, until from port
        union all
        select n, false, null, null from bare
        """;
}
