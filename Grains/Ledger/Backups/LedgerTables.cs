namespace NovaOrleans.Ledger;

/// <summary>The tables whose rows are the cloud's, found in the schema itself: a new one is in the next backup by itself.</summary>
internal static class LedgerTables
{
    /// <summary>What migrations write, and who is in a cluster at this moment: neither is to be brought back.</summary>
    private static readonly HashSet<string> s_notKept = new(StringComparer.OrdinalIgnoreCase)
    {
        "schema_migrations", "OrleansQuery", "orleans_clusters", "orleans_silos",
    };

    /// <summary>In an order in which each comes after those that it refers to.</summary>
    public static async Task<IReadOnlyList<TableShape>> Of(LedgerConnection connection)
    {
        Dictionary<string, List<string>> columns = new(StringComparer.Ordinal);
        await connection.Query(connection.Dialect.Columns, default, row =>
        {
            string table = row.GetString(0);
            if (!s_notKept.Contains(table))
            {
                (columns.TryGetValue(table, out List<string>? known) ? known : columns[table] = []).Add(row.GetString(1));
            }
        });
        List<(string From, string To)> references = [];
        await connection.Query(
            connection.Dialect.References, default, row => references.Add((row.GetString(0), row.GetString(1))));
        return Ordered([.. columns.Select(c => new TableShape(c.Key, c.Value))], references.ToLookup(r => r.From, r => r.To));
    }

    private static List<TableShape> Ordered(IReadOnlyList<TableShape> tables, ILookup<string, string> references)
    {
        List<TableShape> ordered = [];
        HashSet<string> placed = [];
        while (ordered.Count < tables.Count)
        {
            List<TableShape> next =
                [.. tables.Where(t => !placed.Contains(t.Name) && references[t.Name].All(placed.Contains)).OrderBy(t => t.Name)];
            if (next.Count == 0)
            {
                throw new InvalidOperationException("tables refer to each other in a circle");
            }

            ordered.AddRange(next);
            placed.UnionWith(next.Select(t => t.Name));
        }

        return ordered;
    }
}
