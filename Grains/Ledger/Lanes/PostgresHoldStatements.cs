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
/// A project with a quota of fixed IPs is left out, unless the message has locked its quota before: then room was found for all by what
/// is known to bound what it has (<see cref="Reserve"/>), or what it has is counted once for the batch, and as many of its operations are
/// done as there is room for (docs/decisions/0066-a-batch-is-counted-once.md, docs/decisions/0077-a-quota-is-counted-now-and-then.md).
/// </para>
/// </summary>
internal static class PostgresHoldStatements
{
    /// <param name="conflicts">Whether something may be refused, or some are ports without a card.</param>
    /// <param name="counted">Whether some are of a project whose quota is locked.</param>
    public static string Hold(bool conflicts, bool counted) => (conflicts, counted) switch
    {
        (false, false) => s_usual,
        (false, true) => s_reserved,
        (true, false) => Live + Wary,
        (true, true) => Counted + Wary,
    };

    /// <summary>
    /// Of cards alone, where nothing is expected to be refused. A conflict is an error of the whole statement; a pool that is closed or
    /// another activation's, or a project that has a limit and no room reserved, lets nothing be held; and the batch then goes again
    /// by <see cref="Wary"/>. $1 are the networks, each once and in order, with their epochs in $2, and $3 the projects. Rows go from
    /// the arrays into the tables without being kept in between, so a batch costs a seventh less than by a statement that tells its
    /// operations apart (docs/decisions/0075-what-is-usual-is-not-told-apart.md).
    /// </summary>
    private static string Usual(string limited) =>
        $"""
        with good as materialized (
            select from (
                select epoch from pools where network_uuid = any($1) and open order by network_uuid for share) p
            having array_agg(epoch) = $2 and not exists (
                select from quotas where project_id = any($3) and resource = 'fixed_ips' and {limited})),
        carded as (
            insert into fixed_ips (uuid, network_uuid, address, position, address_v6, phase, vnic_id, project_id)
            select unnest($5::uuid[]), unnest($6::uuid[]), unnest($7::text[]), unnest($8::bigint[]), unnest($9::text[]), 2,
                unnest($4::uuid[]), unnest($10::text[])
            from good),
        told as (
            insert into history (actor, what, network_uuid, vnic_id, address, generation)
            select actor, 'address held', network, card, coalesce(address, address_v6), 0 from (
                select unnest($11::text[]) as actor, unnest($6::uuid[]) as network, unnest($4::uuid[]) as card,
                    unnest($7::text[]) as address, unnest($9::text[]) as address_v6
                from good) held)
        insert into ethernet_cards (uuid, service, project_id, mac_address, name, request_key, request_hash)
        select unnest($4::uuid[]), unnest($12::text[]), unnest($10::text[]), unnest($13::text[]), unnest($14::text[]),
            unnest($15::text[]), unnest($16::text[])
        from good
        returning uuid, id, created_at
        """;

    private static readonly string s_usual = Usual("hard_limit >= 0");

    /// <summary>
    /// The same where quotas are locked, of the projects of $17: those that <see cref="Reserve"/> found no room for let nothing be held.
    /// $18 is the limit of those that have none of their own.
    /// </summary>
    private static readonly string s_reserved = Usual(
        """
        case when project_id = any($17) then coalesce(hard_limit, $18) >= 0 and (bound is null or bounded_at is null)
            else hard_limit >= 0 end
        """);

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
    /// Whether a bound may be gone by. What others were adding without a lock as its limit was set is counted ten seconds later; what a
    /// silo that has other limits, or none, adds without one is counted after an hour.
    /// </summary>
    private const string IsFresh =
        """
        q.bounded_at > now() - interval '1 hour' and (
            q.bounded_at > coalesce(q.updated_at, q.created_at) + interval '10 seconds' or q.bounded_at > now() - interval '10 seconds')
        """;

    /// <summary>
    /// Where the projects of $16 are locked, and $15 are the others; $17 is the limit of those that have none of their own. $18 is the
    /// number of each operation's last neighbour of those that are all or none: there is room for it where there is for that one. Counted
    /// is what a project has whose bound is not known, not fresh, or too near to its limit.
    /// </summary>
    private const string Counted =
        $"""
        with op as materialized (
            select t.*, row_number() over (partition by project order by n) + ($18::bigint[])[n] - n as turn {Open}
        room as materialized (
            select q.id, q.project_id, coalesce(q.hard_limit, $17) as most, known.bound is null as counted, coalesce(known.bound, (
                select count(*) from fixed_ips f
                where f.project_id = q.project_id and f.phase in (1, 2, 6) and not f.deleted)) as used
            from quotas q left join lateral (
                select q.bound where {IsFresh} and q.bound + (
                    select count(*) from op where op.project = q.project_id) <= coalesce(q.hard_limit, $17)) known on true
            where q.project_id = any($16) and q.resource = 'fixed_ips' and coalesce(q.hard_limit, $17) >= 0),
        live as materialized (
            select op.* from op join ok on ok.network_uuid = op.network and ok.epoch = op.epoch
            left join room on room.project_id = op.project
            where case when op.project = any($16) then op.turn <= coalesce(room.most - room.used, op.turn)
                else (op.project in ({Limited})) is not true end),
        bounded as (
            update quotas q set
                bound = room.used + (select count(*) from live where live.project = room.project_id),
                bounded_at = case when room.counted then now() else q.bounded_at end
            from room where q.id = room.id),

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
    /// Goes before a hold that does not count: locks the quotas of the projects of $1 and adds to each one's bound what is to be held, $2,
    /// if it is known, fresh and within the limit, which is $3 where a project has none of its own. Else the bound is not known any more.
    /// What is given back does not lower a bound, and a hold that comes to nothing leaves it too high: then the next one counts.
    /// </summary>
    public const string Reserve =
        $"""
        insert into quotas as q (project_id, resource, bound)
        select project, 'fixed_ips', more from unnest($1::text[], $2::bigint[]) t(project, more) order by project
        on conflict (project_id, resource) do update set bound = case
            when {IsFresh} and q.bound + excluded.bound <= coalesce(q.hard_limit, $3)
            then q.bound + excluded.bound end
        returning 1
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
    /// A statement sees what there was when it began, and so not the port of somebody who was just plugging it into the card. Whoever
    /// plugs writes the card first (<see cref="Pools.PoolRows.TakeCard"/>): its row is then another one than was seen, and is let be.
    /// A card that was on no host leaves no rows of ports (docs/decisions/0083-who-was-on-no-host-leaves-no-port.md).
    /// </summary>
    public const string Free =
        """
        with ok as materialized (
            select network_uuid, epoch from pools where network_uuid = any($1) order by 1 for share),
        card as (
            update ethernet_cards c
            set deleted = true, deleted_at = now(), updated_at = now(), version = c.version + 1
            from (
                select unnest($1::uuid[]) as network, unnest($2::bigint[]) as epoch, unnest($3::uuid[]) as card,
                    unnest($4::bigint[]) as version, unnest($5::text[]) as actor) op
            join ok on ok.network_uuid = op.network and ok.epoch = op.epoch
            join ethernet_cards seen on seen.uuid = op.card
            where c.uuid = op.card and c.xmin = seen.xmin and c.version = op.version and not c.deleted and c.instance_id is null
                and not exists (select from fixed_ips f
                    where f.vnic_id = c.uuid and f.network_uuid <> op.network and not f.deleted)
            returning op.network, op.actor, c.uuid, c.generation, case when c.generation > 0 then (
                select quarantine_seconds from networks w where w.uuid = op.network) else 0 end as seconds),
        freed as (
            delete from fixed_ips f using card
            where (seconds > 0) is not true and f.vnic_id = card.uuid and f.network_uuid = card.network and not f.deleted
            returning card.*, f.position, coalesce(f.address, f.address_v6) as address, null::timestamptz as until),
        resting as (
            update fixed_ips f set
                phase = 3, vnic_id = null, quarantined_until = now() + seconds * interval '1 second', updated_at = now()
            from card
            where seconds > 0 and f.vnic_id = card.uuid and f.network_uuid = card.network and not f.deleted
            returning card.*, f.position, coalesce(f.address, f.address_v6) as address, f.quarantined_until as until),
        port as materialized (
            select * from freed union all select * from resting),
        bare as materialized (
            select * from card where (uuid in (select uuid from port)) is not true),
        told as (
            insert into history (actor, what, network_uuid, vnic_id, address, generation)
            select actor, 'address released', network, uuid, address, generation from port
            union all
            select actor, 'card deleted', network, uuid, null, generation from bare)
        select uuid, true as freed, position, until from port
        union all
        select uuid, false, null, null from bare
        """;
}
